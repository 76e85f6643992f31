package collect

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/terraform"
)

// asState writes what stacks list in a Region as a Terraform state, as if
// Terraform had made it: the table of types, read backwards.
func (w *world) asState(region int, o Options) string {
	w.Helper()
	listing, err := inventory.List(w.Context(), w.sessions[region].ReadOnly, o.Stacks, nil)
	if err != nil || len(listing.Gaps) > 0 {
		w.Fatal(err, listing.Gaps)
	}
	var resources []string
	for _, item := range listing.Items {
		typ, attributes := backwards(item)
		if typ == "" {
			if item.Type != "AWS::Lambda::Version" { // Terraform publishes versions with the function
				w.Errorf("Terraform has no row for %s", item.Type)
			}
			continue
		}
		text, err := json.Marshal(attributes)
		if err != nil {
			w.Fatal(err)
		}
		resources = append(resources, fmt.Sprintf(`{"mode": "managed", "type": %q, "name": %q, "provider": "provider.aws", "instances": [{"attributes": %s}]}`,
			typ, strings.ReplaceAll(item.Key, "/", "_"), text))
	}
	return `{"version": 4, "resources": [` + strings.Join(resources, ",\n") + `]}`
}

var placeholder = regexp.MustCompile(`\{([a-z_0-9]+)\}`)

func backwards(item inventory.Item) (typ string, attributes map[string]any) {
	for _, row := range terraform.Types() {
		if row.CloudFormation != item.Type || row.By != "" || strings.Contains(row.When, "=") {
			continue
		}
		attributes := map[string]any{"region": "", "tags": nil}
		set := func(pairs string, from func(name string) string) {
			for pair := range strings.FieldsSeq(pairs) {
				name, attribute, _ := strings.Cut(pair, "=")
				if value := from(name); value != "" && !strings.Contains(attribute, "{") {
					attributes[attribute] = value
				}
			}
		}
		set(row.Names, func(name string) string { return item.Names[name] })
		set(row.Resolved, func(name string) string {
			var at any = item.Resolved
			for part := range strings.SplitSeq(strings.TrimSuffix(name, "[]"), ".") {
				object, _ := at.(map[string]any)
				at = object[part]
			}
			if list, ok := at.([]any); ok && len(list) > 0 {
				at = list[0]
			}
			if at == nil {
				return ""
			}
			return fmt.Sprint(at)
		})
		var missing []string
		for pattern := range strings.FieldsSeq(row.ID) {
			lacks := slices.DeleteFunc(placeholder.FindAllStringSubmatch(pattern, -1), func(m []string) bool { return attributes[m[1]] != nil })
			if len(lacks) == 0 {
				return row.Terraform, attributes
			}
			if len(lacks) == 1 && missing == nil {
				missing = lacks[0]
			}
		}
		if missing != nil {
			attributes[missing[1]] = item.ID
		}
		return row.Terraform, attributes
	}
	return "", nil
}

// throughTerraform reads the sample application by states alone.
func (w *world) throughTerraform(files map[string]string) []*drift.Snapshot {
	w.Helper()
	sources := states("terraform", "east", "west")
	sources.File = func(path string) ([]byte, error) { return []byte(files[path]), nil }
	snapshots, err := w.take(sources)
	if err != nil {
		w.Fatal(err)
	}
	return snapshots
}

// alike holds what states list against what stacks list. What a reader adds or
// leaves out for what a template declares may differ, where exact is not set.
func (w *world) alike(o Options, exact bool) []*drift.Snapshot {
	w.Helper()
	snapshots, stacks := w.throughTerraform(map[string]string{"east": w.asState(0, o), "west": w.asState(1, o)}), w.snapshots(o)
	for i, s := range snapshots {
		if len(s.Gaps) > len(stacks[i].Gaps) {
			w.Errorf("%s: gaps %+v", s.Region.Name, s.Gaps)
		}
		for _, want := range stacks[i].Resources {
			at := slices.IndexFunc(s.Resources, func(r drift.Resource) bool {
				return r.Type == want.Type && strings.HasSuffix(r.Key, "."+strings.ReplaceAll(want.Key, "/", "_"))
			})
			switch {
			case want.Type == "AWS::Lambda::Version":
			case at < 0:
				w.Errorf("%s: %s is not in the inventory", s.Region.Name, want.Key)
			case exact && !(reflect.DeepEqual(s.Resources[at].Properties, want.Properties) && reflect.DeepEqual(s.Resources[at].Identities, want.Identities)):
				w.Errorf("%s: %s is read as %v, through its stack as %v", s.Region.Name, want.Key, s.Resources[at].Properties, want.Properties)
			}
		}
	}
	if result := drift.Compare(snapshots[0], snapshots[1], drift.Options{Topology: w.topology}); len(result.Findings) > 0 || result.Coverage.NotCompared > 0 {
		w.Errorf("coverage %+v, findings %+v", result.Coverage, result.Findings)
	}
	return snapshots
}

func TestANetworkThroughTerraform(t *testing.T) {
	w := newWorld(t)
	w.alike(w.network(), false)
}

// The sample application reads and compares alike whoever lists it.
func TestTheSampleApplicationThroughTerraform(t *testing.T) {
	w := newWorld(t)
	w.payments()
	snapshots := w.alike(w.options("payments-data", "payments"), true)
	for i := range snapshots[1].Resources {
		if r := &snapshots[1].Resources[i]; r.Type == "AWS::SQS::Queue" {
			r.Properties["VisibilityTimeout"] = 1.0
		}
	}
	if result := drift.Compare(snapshots[0], snapshots[1], drift.Options{Topology: w.topology}); len(result.Findings) == 0 || result.Findings[0].Cause != drift.Unknown {
		t.Errorf("a change is not found, or its cause is claimed to be known: %+v", result.Findings)
	}
}
