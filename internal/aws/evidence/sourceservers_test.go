package evidence

import "testing"

func TestALagIsReadAsISO8601SaysIt(t *testing.T) {
	for text, want := range map[string]float64{"PT0S": 0, "PT1M30S": 90, "P1DT2H": 93600, "P0Y0M0DT0H5M0.5S": 300.5, "P2W": 1209600} {
		if have, ok := isoSeconds(text); !ok || have != want {
			t.Errorf("%s is %v (%v), want %v", text, have, ok, want)
		}
	}
	for _, text := range []string{"", "P", "PT", "90", "1 hour", "-PT1S", "PT1X"} {
		if have, ok := isoSeconds(text); ok {
			t.Errorf("%q is %v, want no duration", text, have)
		}
	}
}
