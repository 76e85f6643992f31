package inventory

import (
	"reflect"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

// Values that stacks give one another are known as far as the stacks are read.
func TestOutputsOfOtherStacksAreFilledIn(t *testing.T) {
	producer := deployment{key: "shared", region: "us-east-1", account: "111111111111",
		stack:    drift.Stack{Outputs: map[string]string{"Url": "https://sqs/orders", "Fixed": "seven"}, Parameters: map[string]string{}},
		exported: map[string]string{"Url": "orders-url", "Fixed": "fixed"}}
	inner := deployment{key: "app/Inner", region: "us-east-1", account: "111111111111",
		stack: drift.Stack{Outputs: map[string]string{"Url": "https://sqs/inner"}, Parameters: map[string]string{}}}
	body := "Resources: {Queue: {Type: 'AWS::SQS::Queue'}}\nOutputs: {Url: {Value: !Ref Queue, Export: {Name: orders-url}}, Fixed: {Value: seven, Export: {Name: fixed}}}"
	for _, d := range []*deployment{&producer, &inner} {
		if err := d.parse(body, nil); err != nil {
			t.Fatal(err)
		}
	}
	tree := map[string]any{"A": "${Import:orders-url}", "B": []any{"x=${Inner.Outputs.Url}", "${Import:fixed}"}, "C": "${Import:unknown}", "D": "${Inner.Outputs.None}", "E": "${Queue}"}
	l := lister{deployments: []deployment{producer, inner}, listing: Listing{Items: []Item{{Key: "app/R", Stack: "app", Declared: tree, Resolved: tree}}}}
	l.link()
	declared := map[string]any{"A": "${shared/Queue}", "B": []any{"x=${app/Inner/Queue}", "seven"}, "C": "${Import:unknown}", "D": "${Inner.Outputs.None}", "E": "${Queue}"}
	live := map[string]any{"A": "https://sqs/orders", "B": []any{"x=https://sqs/inner", "seven"}, "C": "${Import:unknown}", "D": "${Inner.Outputs.None}", "E": "${Queue}"}
	if got := l.listing.Items[0]; !reflect.DeepEqual(got.Declared, declared) || !reflect.DeepEqual(got.Resolved, live) {
		t.Errorf("declared %v\nresolved %v", got.Declared, got.Resolved)
	}
	if tree["A"] != "${Import:orders-url}" {
		t.Error("the tree itself was changed")
	}
}

func TestConditionsOfAStackAreDecided(t *testing.T) {
	d := deployment{key: "app", region: "us-east-1", account: "111111111111", stack: drift.Stack{Parameters: map[string]string{}}}
	if err := d.parse("Conditions: {Here: !Equals [!Ref 'AWS::Region', us-east-1], There: !Not [{Condition: Here}]}\nResources: {T: {Type: 'AWS::SNS::Topic'}}", nil); err != nil {
		t.Fatal(err)
	}
	if want := map[string]bool{"Here": true, "There": false}; !reflect.DeepEqual(d.stack.Conditions, want) {
		t.Errorf("conditions %v", d.stack.Conditions)
	}
}

// What a transform makes is in no text that is at hand: nothing is said of it,
// and why.
func TestWhatATransformMakesIsNotDeclared(t *testing.T) {
	body := "Transform: AWS::Serverless-2016-10-31\nResources: {Fn: {Type: 'AWS::Serverless::Function', Properties: {Handler: a}}, Q: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: !Select [9, [1]]}}, T: {Type: 'AWS::SNS::Topic'}}"
	d := deployment{key: "app", region: "us-east-1", account: "111111111111", stack: drift.Stack{Parameters: map[string]string{}}}
	if err := d.parse(body, nil); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"FnRole": "does not spell it out (Transform AWS::Serverless-2016-10-31", "Q": "Fn::Select", "T": ""} {
		item := d.item(id, "AWS::X::Y", "id")
		if (item.Declared != nil) != (want == "") || !strings.Contains(item.Undeclared, want) {
			t.Errorf("%s: declared %v, because %q", id, item.Declared, item.Undeclared)
		}
	}
	if item := (&deployment{problem: "no YAML"}).item("Q", "AWS::X::Y", "id"); item.Undeclared != "no YAML" {
		t.Errorf("without a template: %q", item.Undeclared)
	}
}
