package locate

import (
	"errors"
	"fmt"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/template"
)

const body = `Parameters:
  Size: {Type: Number}
  Stage: {Type: String}
Mappings:
  Limits:
    us-east-1: {Delay: "1", Same: "5"}
    us-west-2: {Delay: "2", Same: "5"}
Metadata:
  Size: nothing
Resources:
  Q:
    Type: AWS::SQS::Queue
    Condition: Big
    Properties:
      DelaySeconds: !FindInMap [Limits, !Ref "AWS::Region", Delay]
      VisibilityTimeout: !Ref Size
      MessageRetentionPeriod: !FindInMap [Limits, !Ref "AWS::Region", Same]
      QueueName: !Sub "${Stage}-orders"
      KmsMasterKeyId: !If [Big, a, b]
      Tags:
        - {Key: team, Value: payments}
        - {Key: stage, Value: !Ref Stage}
  Mixed:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub
        - "${A}-${Size}"
        - {A: !FindInMap [Limits, !Ref "AWS::Region", Delay]}
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: parts/inner.json
  Told:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !If [Prod, !Ref Size, 1]
      DeduplicationScope: !If [Here, queue, messageGroup]
      MessageRetentionPeriod: !If [Both, 60, 120]
Conditions:
  Big: !Equals [!Ref Size, "9"]
  Here: !Equals [!Ref "AWS::Region", us-east-1]
  Prod: !Equals [!Ref Stage, prod]
  Both: !And [!Condition Prod, !Condition Big]
`

const less = "# less\nResources:\n  Other: {Type: \"AWS::SQS::Queue\"}\n"

const inner = "{\n \"Resources\": {\n  \"Fn\": {\n   \"Type\": \"AWS::Lambda::Function\",\n   \"Properties\": {\n    \"MemorySize\": 128\n   }\n  }\n }\n}"

func parse(t *testing.T, text string) *template.Template {
	t.Helper()
	parsed, err := template.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func repository(t *testing.T) *Repository {
	shared := parse(t, body)
	west := parse(t, "# another file\n"+body)
	at := func(line int) drift.Location { return drift.Location{File: "lockstep.yml", Line: line, Column: 7} }
	in := func(file string, t *template.Template, size string, line int) InRegion {
		return InRegion{File: file, Template: t, Parameters: map[string]Parameter{"Size": {size, at(line)}, "Stage": {"prod", at(1)}}}
	}
	r := &Repository{Primary: "us-east-1", Stacks: map[string]Stack{
		"app":  {In: map[string]InRegion{"us-east-1": in("app.yaml", shared, "9", 20), "us-west-2": in("app.yaml", shared, "4", 21)}},
		"two":  {In: map[string]InRegion{"us-east-1": in("app.yaml", shared, "9", 20), "us-west-2": in("west.yaml", west, "9", 20)}},
		"less": {In: map[string]InRegion{"us-east-1": in("app.yaml", shared, "9", 20), "us-west-2": in("less.yaml", parse(t, less), "9", 20)}},
	}, Terraform: map[string][]Block{},
		Open: func(file string) (*template.Template, error) {
			if file != "parts/inner.json" {
				return nil, errors.New("no such file")
			}
			return template.Parse([]byte(inner))
		}}
	Blocks("main.tf", "resource \"aws_sqs_queue\" \"orders\" {\n  name = \"orders\"\n  delay_seconds = 3\n  redrive {\n    x = 1\n  }\n}\n\nresource \"aws_sqs_queue\" \"twice\" {}\n", r.Terraform)
	Blocks("other.tf", "resource \"aws_sqs_queue\" \"twice\" {}\n", r.Terraform)
	return r
}

func TestADifferenceIsPointedAtWhereTheRepositorySaysIt(t *testing.T) {
	r := repository(t)
	for _, test := range []struct{ name, key, property, want string }{
		{"a parameter of the configuration that each Region has its own of", "app/Q", "VisibilityTimeout", "lockstep.yml:21"},
		{"a row of a mapping", "app/Q", "DelaySeconds", "app.yaml:7"},
		{"a mapping that says the same for both", "app/Q", "MessageRetentionPeriod", "app.yaml:17"},
		{"a parameter that both Regions share", "app/Q", "QueueName", "app.yaml:18"},
		{"a condition on a parameter: the template decides", "app/Q", "KmsMasterKeyId", "app.yaml:19"},
		{"a condition on the Region: the template decides", "app/Told", "DeduplicationScope", "app.yaml:37"},
		{"a condition on another that rests on a parameter", "app/Told", "MessageRetentionPeriod", "app.yaml:38"},
		{"a condition that holds in both Regions, over a parameter that differs", "app/Told", "DelaySeconds", "lockstep.yml:21"},
		{"more than one thing that differs", "app/Mixed", "QueueName", "app.yaml:26"},
		{"an element with a name", "app/Q", "Tags[stage].Value", "app.yaml:22"},
		{"what no template sets", "app/Q", "FifoQueue", "app.yaml:14"},
		{"a missing resource whose condition rests on a parameter", "app/Q", "", "app.yaml:13"},
		{"a resource without a condition", "app/Mixed", "", "app.yaml:23"},
		{"a nested stack's, in a file of JSON", "app/Inner/Fn", "MemorySize", "parts/inner.json:6"},
		{"a nested stack's that its file does not have", "app/Inner/Other", "MemorySize", "app.yaml:29"},
		{"the standby's own file", "two/Q", "VisibilityTimeout", "west.yaml:17"},
		{"a resource that the standby's own file leaves out", "less/Q", "", "less.yaml:2"},
		{"a resource that no file has", "app/Nobody", "X", "nowhere"},
		{"a stack that is not of the release", "other/Q", "X", "nowhere"},
		{"an attribute of a Terraform block", "terraform/aws_sqs_queue.orders", "DelaySeconds", "main.tf:3"},
		{"a block within it", "terraform/aws_sqs_queue.orders", "Redrive", "main.tf:4"},
		{"a block that repeats itself", "terraform/shop/module.a.aws_sqs_queue.orders[0]", "", "main.tf:1"},
		{"two blocks of one name", "terraform/aws_sqs_queue.twice", "", "nowhere"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := "nowhere"
			if place := r.Place(test.key, test.property, "us-west-2"); place != nil {
				got = fmt.Sprintf("%s:%d", place.File, place.Line)
				if place.Column == 0 {
					t.Error("no column")
				}
			}
			if got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// Properties come from reports, which may be anybody's.
func FuzzPlace(f *testing.F) {
	f.Add("app/Q", "Tags[stage].Value")
	f.Add("app/Inner/Fn", "[[x")
	f.Fuzz(func(t *testing.T, key, property string) {
		if place := repository(t).Place(key, property, "us-west-2"); place != nil && place.Line < 1 {
			t.Errorf("%+v", place)
		}
	})
}
