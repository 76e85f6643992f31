package predict

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/template"
	"github.com/lockstep-dr/lockstep/topology"
)

// both are the sources of one template in two Regions, with what each is given.
func both(t *testing.T, primary, standby string, given [2]map[string]Value) []Source {
	t.Helper()
	list := make([]Source, 2)
	for i, body := range []string{primary, standby} {
		parsed, err := template.Parse([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		list[i] = Source{App: "app", Region: topology.Region{Name: []string{"us-east-1", "us-west-2"}[i], Role: []topology.Role{topology.Primary, topology.Standby}[i]},
			Stacks: []Stack{{Key: "app", Name: "app", File: "infra/app.yaml", Template: parsed, Parameters: given[i]}},
			Open: func(file string) (*template.Template, error) {
				if file != "infra/parts/inner.yaml" {
					return nil, errors.New("no such file")
				}
				return template.Parse([]byte("Parameters: {Size: {Type: Number}}\nResources: {Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Size}}}\nOutputs: {Url: {Value: !Ref Q}}"))
			}}
	}
	return list
}

func TestWhatTemplatesDeclareIsComparedAsLiveRegionsAre(t *testing.T) {
	queue := func(properties string) string {
		return "Parameters: {P: {Type: String, Default: x}}\nConditions: {Big: !Equals [!Ref P, big]}\nMappings: {M: {us-east-1: {V: '1'}, us-west-2: {V: '2'}}}\nResources:\n  T: {Type: AWS::SNS::Topic}\n  Q: {Type: AWS::SQS::Queue, Properties: {" + properties + "}}"
	}
	nested := "Parameters: {P: {Type: String, Default: '1'}}\nResources: {In: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: %s, Parameters: {Size: !Ref P}}}, S: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !GetAtt In.Outputs.Url}}}"
	inner := fmt.Sprintf(nested, "parts/inner.yaml")
	given := func(p, q string) [2]map[string]Value {
		return [2]map[string]Value{{"P": {Literal: p}}, {"P": {Literal: q}}}
	}
	for _, test := range []struct {
		name, primary, standby string
		given                  [2]map[string]Value
		finds, gaps            []string
	}{
		{"one template", queue("DelaySeconds: 1"), queue("DelaySeconds: 1"), given("a", "b"), nil, nil},
		{"an edit of one side", queue("DelaySeconds: 1"), queue("DelaySeconds: 2"), given("a", "a"), []string{"app/Q DelaySeconds declared"}, nil},
		{"a mapping that differs", queue("DelaySeconds: !FindInMap [M, !Ref 'AWS::Region', V]"), queue("DelaySeconds: !FindInMap [M, !Ref 'AWS::Region', V]"), given("a", "a"), []string{"app/Q DelaySeconds declared"}, nil},
		{"a condition that holds on one side", queue("DelaySeconds: !If [Big, 9, 1]"), queue("DelaySeconds: !If [Big, 9, 1]"), given("big", "small"), []string{"app/Q DelaySeconds declared"}, nil},
		{"a condition on what is not known", queue("DelaySeconds: !If [Big, 9, 1]"), queue("DelaySeconds: !If [Big, 9, 1]"),
			[2]map[string]Value{{"P": {Stack: "other", Output: "O"}}, {"P": {Stack: "other", Output: "O"}}}, nil, nil},
		{"an output of another stack on both sides", queue("QueueName: !Ref P"), queue("QueueName: !Ref P"),
			[2]map[string]Value{{"P": {Stack: "other", Output: "O"}}, {"P": {Stack: "other", Output: "O"}}}, nil, nil},
		{"a reference to another resource than in the primary", queue("KmsMasterKeyId: !Ref T"), queue("KmsMasterKeyId: !GetAtt T.TopicName"), given("a", "a"), []string{"app/Q KmsMasterKeyId declared"}, nil},
		{"a macro", "Transform: M\n" + queue("DelaySeconds: 1"), "Transform: M\n" + queue("DelaySeconds: 1"), given("a", "a"), nil, []string{"us-east-1 app Transform", "us-west-2 app Transform"}},
		{"a nested stack of the working tree", inner, inner, given("3", "3"), nil, nil},
		{"a nested stack that is given something else", inner, inner, given("3", "4"), []string{"app/In Parameters.Size declared", "app/In/Q DelaySeconds declared"}, nil},
		{"a nested stack from elsewhere", fmt.Sprintf(nested, "https://b.s3.amazonaws.com/x.yaml"), fmt.Sprintf(nested, "https://b.s3.amazonaws.com/x.yaml"), given("3", "3"), nil, []string{"us-east-1 app/In ", "us-west-2 app/In "}},
		{"an id that exists in one Region", queue("KmsMasterKeyId: vpce-0123456789abcdef0"), queue("KmsMasterKeyId: vpce-0123456789abcdef0"), given("a", "a"), []string{"app/Q KmsMasterKeyId declared"}, nil},
		{"an id of its own for each Region", queue("KmsMasterKeyId: !Ref P"), queue("KmsMasterKeyId: !Ref P"), given("vpce-0123456789abcdef0", "vpce-0123456789abcdef1"), nil, nil},
		{"the primary's zone", queue("KmsMasterKeyId: us-east-1a"), queue("KmsMasterKeyId: us-east-1a"), given("a", "a"), []string{"app/Q KmsMasterKeyId declared"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			sources := both(t, test.primary, test.standby, test.given)
			primary, standby := Declared(sources[0], at), Declared(sources[1], at)
			c := drift.Compare(primary, standby, drift.Options{Now: at}).With(append(Pinned(primary, standby), NotOffered(standby)...), drift.Options{Now: at})
			var finds, gaps []string
			for _, f := range c.Findings {
				finds = append(finds, f.Resource+" "+f.Property+" "+string(f.Cause))
			}
			for _, g := range c.Gaps {
				gaps = append(gaps, g.Region+" "+g.Resource+" "+g.Property)
			}
			if !slices.Equal(finds, test.finds) || !slices.Equal(gaps, test.gaps) {
				t.Errorf("finds %q, want %q; gaps %q, want %q", finds, test.finds, gaps, test.gaps)
			}
			for _, f := range c.Findings {
				if strings.Contains(f.Message, "by hand") {
					t.Errorf("of templates it says: %s", f.Message)
				}
			}
		})
	}
}

func TestAResourceTypeThatTheStandbyDoesNotOfferIsNamedWithTheDateOfThatKnowledge(t *testing.T) {
	body := "Resources: {S: {Type: AWS::AppRunner::Service}, Q: {Type: AWS::SQS::Queue}}"
	sources := both(t, body, body, [2]map[string]Value{})
	standby := Declared(sources[1], at)
	if found := NotOffered(standby); len(found) != 0 {
		t.Errorf("in us-west-2 all is offered: %+v", found)
	}
	standby.Region.Name = "us-west-1"
	found := NotOffered(standby)
	if len(found) != 1 || found[0].Resource != "app/S" || found[0].Severity != drift.Block || !strings.Contains(found[0].Message, "2026") {
		t.Errorf("%+v", found)
	}
}
