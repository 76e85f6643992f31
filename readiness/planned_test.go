package readiness

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

// Of what a change would create nothing can be read before it is made. Whatever
// exists is judged by what was read of it, planned change or not.
func TestTheStateOfWhatAChangeWouldCreateIsNotWaitedFor(t *testing.T) {
	for _, test := range []struct {
		name    string
		planned drift.Planned
		denied  bool
		want    Status
	}{
		{"it would be created", drift.PlannedCreate, false, Pass},
		{"it would be created, and a read was refused", drift.PlannedCreate, true, Undetermined},
		{"it would be changed", drift.PlannedUpdate, false, Undetermined},
		{"it stays as it is", "", false, Undetermined},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := healthy()
			w.forget(&w.west, drift.FactAlarmState)
			for i := range w.west.Resources {
				if w.west.Resources[i].Key == "app/Alarm" {
					w.west.Resources[i].Planned = test.planned
				}
			}
			if test.denied {
				w.west.Gaps = append(w.west.Gaps, drift.Gap{Region: west, Resource: "app/Alarm", Operation: "cloudwatch:DescribeAlarms", Reason: "AccessDenied", Fact: drift.FactAlarmState})
			}
			for _, c := range w.assess().Checks {
				if c.Rule != "OBS-02" {
					continue
				}
				if c.Status != test.want || test.want == Pass && !strings.Contains(c.Evidence, "known only after the change") {
					t.Errorf("%s: %s", c.Status, c.Evidence)
				}
				return
			}
			t.Error("OBS-02 was not judged")
		})
	}
}

func TestCodeThatSomebodyElseUploadsIsWaitedFor(t *testing.T) {
	for _, test := range []struct {
		name, key string
		planned   drift.Planned
		fact      string
		want      Status
		rule      string
	}{
		{"an asset of the deploy", "lockstep/0123", drift.PlannedUpdate, drift.FactArtifact, Pass, "ART-07"},
		{"an asset of a new function", "lockstep/0123", drift.PlannedCreate, drift.FactArtifact, Pass, "ART-07"},
		{"a package of somebody else's", "builds/fn.zip", drift.PlannedCreate, drift.FactArtifact, Undetermined, "ART-07"},
		{"an asset that no change brings", "lockstep/0123", "", drift.FactArtifact, Undetermined, "ART-07"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := healthy()
			for _, s := range []*drift.Snapshot{&w.east, &w.west} {
				w.resource(s, "app/Fn").Declared = object{"Code": object{"S3Bucket": "code", "S3Key": test.key}}
			}
			w.resource(&w.west, "app/Fn").Planned, w.resource(&w.west, "app/Service").Planned = test.planned, test.planned
			w.forget(&w.west, test.fact)
			for _, c := range w.assess().Checks {
				if c.Rule == test.rule && c.Status != test.want {
					t.Errorf("%s: %s", c.Status, c.Evidence)
				}
			}
		})
	}
}
