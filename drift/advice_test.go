package drift

import (
	"strings"
	"testing"
)

func TestAdviceNamesOnlyWhatHelps(t *testing.T) {
	tests := []struct {
		name       string
		change     func(*Snapshot)
		says, not  string
		afterwards Cause
	}{
		{"a declared property comes back with a deploy", set("Queue", "VisibilityTimeout", "30"), "--revert-drift", "by hand in", OutOfBand},
		{"an undeclared property does not", set("Queue", "DelaySeconds", "30"), "set it back by hand in us-west-2", "--revert-drift", OutOfBand},
		{"the code of a function does not", set("Fn", "CodeSha256", "0ther"), "upload the code of the release", "--revert-drift", OutOfBand},
		{"code declared differently is not called a hand change", func(s *Snapshot) {
			set("Fn", "CodeSha256", "0ther")(s)
			find(s, "Fn").Declared["Code"] = map[string]any{"ZipFile": "other"}
		}, "make the template or its parameters agree", "--revert-drift", Declared},
		{"code of a release that is not there yet", func(s *Snapshot) {
			set("Fn", "CodeSha256", "0ther")(s)
			find(s, "Fn").Declared["Code"] = map[string]any{"ZipFile": "other"}
			s.Release = &Release{ID: "r-older"}
		}, "deploy the same release to us-west-2", "--revert-drift", NotYetDeployed},
		{"a deploy brings no resource that the standby's template leaves out", func(s *Snapshot) {
			without("Mapping")(s)
			delete(s.Stacks[0].Template.(map[string]any)["Resources"].(map[string]any), "Mapping")
		}, "declare it for us-west-2 too", "deploy the same release", Declared},
		{"a deploy brings back what is declared and not there", without("Mapping"), "--revert-drift", "declare it", OutOfBand},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			standby := payments(west)
			test.change(standby)
			c := Compare(payments(east), standby, options)
			if len(c.Findings) != 1 {
				t.Fatalf("want one finding:%s", show(c.Findings))
			}
			f := c.Findings[0]
			if f.Cause != test.afterwards || !strings.Contains(f.Fix, test.says) || strings.Contains(f.Fix, test.not) {
				t.Errorf("want cause %s and %q, have:%s", test.afterwards, test.says, show(c.Findings))
			}
			if strings.Contains(f.Fix, "lockstep drift accept") {
				t.Errorf("there is no such command: %s", f.Fix)
			}
		})
	}
}

func TestAVersionIsNotCalledAHandChange(t *testing.T) {
	with := func(s *Snapshot, hash string) *Snapshot {
		r := Resource{Key: "payments/FnVersion", Type: typeVersion, ID: "arn:aws:lambda:" + s.Region.Name + ":111111111111:function:fn:1",
			Properties: props{"CodeSha256": hash}, Declared: props{"FunctionName": "fn"}}
		s.Resources = append(s.Resources, r)
		return s
	}
	c := Compare(with(payments(east), "old"), with(payments(west), "new"), options)
	if len(c.Findings) != 1 || c.Findings[0].Cause != Unknown || !strings.Contains(c.Findings[0].Fix, "publish a new version") {
		t.Errorf("want one finding that advises a new version:%s", show(c.Findings))
	}
	if same := Compare(with(payments(east), "old"), with(payments(west), "old"), options); len(same.Findings) > 0 {
		t.Errorf("want nothing for the same code:%s", show(same.Findings))
	}
}
