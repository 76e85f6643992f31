package drift

import (
	"encoding/base64"
	"testing"
)

// What base64 hides is compared by what it says, if it names anything of the
// application; other text stays as it is.
func TestEncodedTextIsComparedByWhatItSays(t *testing.T) {
	script := func(place testPlace, of testPlace) string {
		return base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\necho " + of.generated("R") + " in " + place.region + "\n"))
	}
	for _, test := range []struct {
		name             string
		primary, standby string
		findings         int
	}{
		{"each Region's own", script(east, east), script(west, west), 0},
		{"the primary's in both", script(east, east), script(west, east), 1},
		{"other words", script(east, east), base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\nexit 1 in " + west.region)), 1},
		{"nothing that is named", base64.StdEncoding.EncodeToString([]byte("sixteen letters!")), base64.StdEncoding.EncodeToString([]byte("sixteen letters?")), 1},
		{"not base64", "abcdefghijklmno!", "abcdefghijklmno?", 1},
	} {
		c := Compare(lonely(east, "AWS::SSM::Parameter", props{"Value": test.primary}), lonely(west, "AWS::SSM::Parameter", props{"Value": test.standby}), options)
		if len(c.Findings) != test.findings {
			t.Errorf("%s: %s", test.name, show(c.Findings))
		}
	}
}
