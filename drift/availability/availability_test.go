package availability

import (
	"maps"
	"testing"
)

func TestTheEmbeddedTableIsReadableAndSaysWhereItComesFrom(t *testing.T) {
	table, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Types) < 1500 || len(table.Regions) < 30 || Source() == "" {
		t.Fatalf("have %d types in %d Regions from %q", len(table.Types), len(table.Regions), table.Source)
	}
	for name, lacking := range table.Types {
		for _, at := range lacking {
			if at < 0 || at >= len(table.Regions) {
				t.Fatalf("%s names a Region that is not in the list: %d", name, at)
			}
		}
	}
}

// Public data has carried the types of us-east-1 under the names of other
// Regions for years. Such a row would say that everything is everywhere.
func TestNoRegionRepeatsTheTypesOfUsEast1(t *testing.T) {
	table, err := load()
	if err != nil {
		t.Fatal(err)
	}
	lacks := map[string]map[string]bool{}
	for name, lacking := range table.Types {
		for _, at := range lacking {
			region := table.Regions[at]
			if lacks[region] == nil {
				lacks[region] = map[string]bool{}
			}
			lacks[region][name] = true
		}
	}
	for _, region := range table.Regions {
		if region != "us-east-1" && maps.Equal(lacks[region], lacks["us-east-1"]) {
			t.Errorf("%s offers exactly what us-east-1 does: its data is a copy", region)
		}
	}
}

func TestOnlyWhatIsKnownToBeMissingIsMissing(t *testing.T) {
	for _, c := range []struct {
		region, typeName string
		lacks            bool
	}{
		{"us-west-2", "AWS::SQS::Queue", false},
		{"us-east-1", "AWS::AppRunner::Service", false},
		{"eu-central-2", "AWS::AppRunner::Service", true},
		{"xx-nowhere-1", "AWS::AppRunner::Service", false},
		{"eu-central-2", "AWS::No::Such", false},
	} {
		if Lacks(c.region, c.typeName) != c.lacks {
			t.Errorf("%s in %s: want lacking %v", c.typeName, c.region, c.lacks)
		}
	}
}
