package template

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

var aBarrier = Barrier{ID: BarrierPrefix + "0123456789ab", Release: "r-0123456789ab", Timeout: time.Hour}

func TestABarrierComesAfterEverythingAndGoesWithoutATrace(t *testing.T) {
	for name, text := range map[string]string{
		"YAML in blocks": "# a comment\nConditions: {Big: !Equals [!Ref 'AWS::Region', us-east-1]}\nResources:\n  # first\n  Queue:\n    Type: AWS::SQS::Queue\n" +
			"  Topic: {Type: AWS::SNS::Topic, Condition: Big}\nOutputs:\n  Arn: {Value: !GetAtt Queue.Arn}\n",
		"YAML with CRLF":        "Resources:\r\n    Queue:\r\n        Type: AWS::SQS::Queue\r\n",
		"YAML with umlauts":     "Description: \"für alle ☂\"\nResources:\n  Queue: {Type: AWS::SQS::Queue} # ☂\n",
		"JSON on many lines":    "{\n  \"Resources\": {\n    \"Queue\": {\"Type\": \"AWS::SQS::Queue\"},\n    \"Topic\": {\"Type\": \"AWS::SNS::Topic\"}\n  }\n}\n",
		"JSON on one line":      `{"Description": "☂ für", "Resources":{"Queue":{"Type":"AWS::SQS::Queue"}}}`,
		"JSON with tabs":        "{\n\t\"Resources\": {\n\t\t\"Queue\": {\"Type\": \"AWS::SQS::Queue\"}\n\t}\n}",
		"no newline at the end": "Resources:\n  Queue:\n    Type: AWS::SQS::Queue",
	} {
		t.Run(name, func(t *testing.T) {
			out, err := WithBarrier([]byte(text), aBarrier)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(WithoutBarrier(out)); got != text {
				t.Errorf("without it again:\n%q\nwant\n%q", got, text)
			}
			parsed, err := Parse(out)
			if err == nil {
				err = parsed.Validate()
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for id := range parsed.Resources {
				if id != aBarrier.ID && !slices.Contains(parsed.Dependencies(aBarrier.ID), id) {
					t.Errorf("it does not wait for %s\n%s", id, out)
				}
			}
			if kept := KeepingBarrier([]byte(text), out); string(kept) != string(out) {
				t.Errorf("kept:\n%s\nwant\n%s", kept, out)
			}
		})
	}
}

func TestTemplatesThatTakeNoBarrierSaySo(t *testing.T) {
	var many strings.Builder
	many.WriteString("Resources:\n")
	for i := range maxResources {
		fmt.Fprintf(&many, "  Topic%d: {Type: AWS::SNS::Topic}\n", i)
	}
	for name, c := range map[string]struct{ text, want string }{
		"500 resources":         {many.String(), "500 resources"},
		"a transform":           {"Transform: AWS::Serverless-2016-10-31\nResources:\n  Queue: {Type: AWS::SQS::Queue}\n", "transforms"},
		"resources on one line": {"Resources: {Queue: {Type: AWS::SQS::Queue}}\n", "one line"},
		"no template":           {"Resources: [", ""},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := WithBarrier([]byte(c.text), aBarrier)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

func TestABarrierIsKeptOnlyWhereWhatItNamesIsThere(t *testing.T) {
	two := "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n  Topic: {Type: AWS::SNS::Topic}\n"
	deployed, err := WithBarrier([]byte(two), aBarrier)
	if err != nil {
		t.Fatal(err)
	}
	one := "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n"
	for _, c := range []struct{ name, text, deployed, want string }{
		{"the same text", two, string(deployed), string(deployed)},
		{"a resource is gone", one, string(deployed), one},
		{"nothing to keep", two, two, two},
		{"JSON instead", `{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}`, string(deployed), `{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}`},
	} {
		if got := string(KeepingBarrier([]byte(c.text), []byte(c.deployed))); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}
