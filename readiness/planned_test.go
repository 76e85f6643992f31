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
