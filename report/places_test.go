package report

import (
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestAPlaceLeadsToItsLine(t *testing.T) {
	const files = "https://ghe.example.com/acme/payments/blob/abc123"
	for name, c := range map[string]struct {
		files string
		at    drift.Location
		want  string
	}{
		"a line":                                 {files, drift.Location{File: "infra/app.yaml", Line: 41, Column: 7}, "[`infra/app.yaml:41:7`](" + files + "/infra/app.yaml#L41)"},
		"a file":                                 {files, drift.Location{File: "infra/app.yaml"}, "[`infra/app.yaml`](" + files + "/infra/app.yaml)"},
		"a name that would end the link":         {files, drift.Location{File: "a)](x) b#1?.yaml", Line: 2}, "[`a)](x) b#1?.yaml:2`](" + files + "/a%29%5D%28x%29%20b%231%3F.yaml#L2)"},
		"a name that means something in a table": {files, drift.Location{File: "a|b.yaml", Line: 2}, "[<code>a&#124;b.yaml&#58;2</code>](" + files + "/a%7Cb.yaml#L2)"},
		"a file that is not in the repository":   {files, drift.Location{File: "../other/app.yaml", Line: 2}, "`../other/app.yaml:2`"},
		"a file that a step of the job made":     {files, drift.Location{File: "made.yaml", Line: 2}, "`made.yaml:2`"},
		"no commit is known":                     {"", drift.Location{File: "infra/app.yaml", Line: 41}, "`infra/app.yaml:41`"},
		"an address that is no link":             {"javascript:alert(1)", drift.Location{File: "app.yaml", Line: 1}, "`app.yaml:1`"},
	} {
		t.Run(name, func(t *testing.T) {
			p := &page{report: Report{FilesURL: c.files, FilesChanged: []string{"made.yaml"}}}
			if got := p.linked([]drift.Location{c.at}); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
