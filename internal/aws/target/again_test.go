package target

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

const withSecret = `
Parameters:
  Size: {Type: String, Default: small}
  Token: {Type: String, NoEcho: true}
Resources:
  Setting: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Ref Size, Description: !Ref Token}}
`

func TestASavedImageCanBeDeployedAgain(t *testing.T) {
	r := newRig(t)
	tagged := func(tag string) func(*Stack) { return func(s *Stack) { s.Tags = map[string]string{"team": tag} } }
	first := r.stack(withSecret, with(map[string]string{"Size": "one", "Token": "hush"}), tagged("blue"))
	r.deployed(first)
	saved, body := r.image(first), r.body()

	second := r.stack(withSecret+"  More: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: x}}\n",
		with(map[string]string{"Size": "two", "Token": "hush"}), tagged("green"), run("d-2"))
	r.deployed(second)
	if r.readSetting() != "two" {
		t.Fatalf("the setting is %s", r.readSetting())
	}

	third := r.stack(withSecret, with(map[string]string{"Size": "three"}), run("d-3"))
	back, err := third.At(saved)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := back.Prepare(context.Background(), nil)
	if err != nil || plan.Action != deploy.ActionUpdate {
		t.Fatalf("%+v, %v", plan, err)
	}
	if err := back.Execute(context.Background(), plan); err != nil {
		t.Fatal(err)
	}
	if err := back.Verify(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	if r.readSetting() != "one" || r.body() != body || aws.ToString(r.describe("shop").Tags[0].Value) != "blue" {
		t.Errorf("setting %s, tags %v, template %s", r.readSetting(), r.describe("shop").Tags, r.body())
	}
}

func TestAnImageThatCannotBeDeployedIsRefused(t *testing.T) {
	r := newRig(t)
	absent := r.image(r.stack(withSecret, with(map[string]string{"Token": "hush"})))
	for words, data := range map[string]string{
		"damaged":             "{",
		"did not exist":       string(absent),
		"it was called other": `{"version":1,"exists":true,"stack_id":"arn:aws:cloudformation:us-west-2:1:stack/other/x"}`,
	} {
		_, err := r.stack(withSecret, with(map[string]string{"Token": "hush"})).At([]byte(data))
		r.fails(err, deploy.Refused, words)
	}
}

func TestAStackWhoseLastUpdateWasRolledBackIsDeployedToAndSaysSo(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(withSecret, with(map[string]string{"Token": "hush"})))
	heal := r.inject(awssim.Fault{Effect: fault.FailResource, LogicalID: "Setting", Action: "update"})
	failing := r.stack(withSecret, with(map[string]string{"Token": "hush", "Size": "two"}), run("d-2"))
	r.fails(failing.Execute(context.Background(), r.prepare(failing)), deploy.Failed)
	heal()
	plan := r.prepare(r.stack(withSecret, with(map[string]string{"Token": "hush", "Size": "two"}), run("d-3")))
	if len(plan.Notes) != 1 || plan.Notes[0] != noteRolledBack {
		t.Errorf("status %s, notes %q", r.status(), plan.Notes)
	}
}
