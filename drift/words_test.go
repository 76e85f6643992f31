package drift

import (
	"strings"
	"testing"
)

// A tag or a description that names the primary's Region in both Regions is a
// remark of one source; a value that something acts on is a reference.
func TestARegionNamedInWordsIsNoReference(t *testing.T) {
	tag := func(v string) props { return props{"Tags": list(props{"Key": "home", "Value": v})} }
	for _, test := range []struct {
		name, typeName   string
		primary, standby props
		severity         Severity // "" for no finding
		points           bool
	}{
		{"a tag of one source", "AWS::SQS::Queue", tag("us-east-1"), tag("us-east-1"), "", false},
		{"a tag that was derived in one Region alone", "AWS::SQS::Queue", tag("us-east-2"), tag("us-east-1"), Info, false},
		{"a description of one source", "AWS::KMS::Key", props{"Description": "made in us-east-1"}, props{"Description": "made in us-east-1"}, "", false},
		{"a value of one source", "AWS::SSM::Parameter", props{"Value": "us-east-1"}, props{"Value": "us-east-1"}, Block, true},
		{"logs that go to the primary", "AWS::Lambda::Function", fn("LoggingConfig", props{"LogGroup": east.arn("logs", "log-group:x")}), fn("LoggingConfig", props{"LogGroup": east.arn("logs", "log-group:x")}), Warn, true},
	} {
		c := Compare(lonely(east, test.typeName, test.primary), lonely(west, test.typeName, test.standby), options)
		switch {
		case test.severity == "" && len(c.Findings) == 0:
		case test.severity == "" || len(c.Findings) != 1 || c.Findings[0].Severity != test.severity || strings.Contains(c.Findings[0].Message, "points back") != test.points:
			t.Errorf("%s: want %q, have:%s", test.name, test.severity, show(c.Findings))
		}
	}
}

// The same word in both Regions is no remark of one source where a template
// says something else.
func TestATagThatLeftItsTemplateIsADifference(t *testing.T) {
	one := func(p testPlace, live, declared string) *Snapshot {
		s := lonely(p, "AWS::SQS::Queue", props{"Tags": list(props{"Key": "home", "Value": live})})
		s.Resources[0].Declared = props{"Tags": list(props{"Key": "home", "Value": declared})}
		return s
	}
	c := Compare(one(east, "us-east-1", "us-east-1"), one(west, "us-east-1", "us-west-2"), options)
	if len(c.Findings) != 1 || c.Findings[0].Severity != Info || c.Findings[0].Cause != OutOfBand || c.Findings[0].ChangedIn != "us-west-2" {
		t.Errorf("changed by hand:%s", show(c.Findings))
	}
	if c := Compare(one(east, "us-east-1", "us-east-1"), one(west, "us-east-1", "us-east-1"), options); len(c.Findings) > 0 {
		t.Errorf("one source:%s", show(c.Findings))
	}
}
