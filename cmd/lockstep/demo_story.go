package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/store"
)

// demoAccount is the account of credentials the simulation does not know.
const demoAccount = "111111111111"

// scene is one step of the story: commands, or what somebody does by hand.
type scene struct {
	title    string
	commands []command
	byHand   func(context.Context, *demonstration) error
}

// command is one lockstep command line and how it must end.
type command struct {
	args    []string
	exit    int
	meaning string
}

var story = []scene{
	{title: "What would a deploy do?", commands: []command{
		{args: []string{"config", "check"}, exit: exitOK, meaning: "the configuration is right"},
		{args: []string{"plan"}, exit: exitOK, meaning: "prepared and compared in both Regions, then discarded"},
	}},
	{title: "One release into both Regions, or into neither", commands: []command{
		{args: []string{"deploy"}, exit: exitOK, meaning: "both Regions verified on the release"},
	}},
	{title: "Is the standby what it should be?", commands: []command{
		{args: []string{"drift"}, exit: exitOK, meaning: "two Regions deployed from one source: nothing to report"},
		{args: []string{"gate"}, exit: exitOK, meaning: "ready: this merge may go ahead"},
	}},
	{title: "During an incident somebody repairs the standby by hand", byHand: changeTheStandby},
	{title: "The standby could no longer take over, and the merge is blocked", commands: []command{
		{args: []string{"drift"}, exit: exitNo, meaning: "drift"},
		{args: []string{"gate", "--format", "markdown", "--out", "blocked.md"}, exit: exitNo, meaning: "not ready; blocked.md is what the pull request shows"},
		{args: []string{"gate"}, exit: exitNo, meaning: "not ready: the merge is blocked"},
	}},
	{title: "Heal it: an ordinary deploy sees no change, a drift-reverting one does", commands: []command{
		{args: []string{"deploy"}, exit: exitOK, meaning: "the templates are unchanged: CloudFormation does not look at hand changes"},
		{args: []string{"deploy", "--revert-drift"}, exit: exitOK, meaning: "the hand changes are gone"},
		{args: []string{"gate"}, exit: exitOK, meaning: "ready again"},
		{args: []string{"snapshot", "--out", "snapshots"}, exit: exitOK, meaning: "one file per Region, for judging offline"},
		{args: []string{"gate", "--from", "snapshots", "--format", "json", "--out", "ready.json"}, exit: exitOK, meaning: "the same verdict, from the files alone"},
	}},
}

// changeTheStandby does what a person in a hurry does: points the standby's API
// at the primary's topic and gives it less memory.
func changeTheStandby(ctx context.Context, d *demonstration) error {
	function, err := d.physicalID("us-west-2", "AWS::Lambda::Function", "payments-ApiFunction")
	if err != nil {
		return err
	}
	table, err := d.physicalID("us-west-2", "AWS::DynamoDB::Table", "payments-data-Table")
	if err != nil {
		return err
	}
	topic, err := d.physicalID("us-east-1", "AWS::SNS::Topic", "payments-Events")
	if err != nil {
		return err
	}
	body := fmt.Sprintf(`{"MemorySize": 128, "Environment": {"Variables": {"STAGE": "prod", "TABLE": %q, "TOPIC": %q, `+
		`"PROCESSOR_URL_PARAMETER": "/payments/prod/processor-url", "PROCESSOR_CREDENTIALS": "payments/prod/processor"}}}`, table, topic)
	d.say("$ aws lambda update-function-configuration --region us-west-2 --function-name %s \\\n    --memory-size 128 --environment 'Variables={TOPIC=%s, ...}'\n", function, topic)
	return d.signedPut(ctx, "us-west-2", "lambda", "/2015-03-31/functions/"+function+"/configuration", body)
}

// physicalID finds a resource of the simulation by type and the beginning of its name.
func (d *demonstration) physicalID(region, typ, prefix string) (string, error) {
	world := d.cloud.World()
	for _, resource := range world.Store.List(world.Scope(store.Scope{Account: demoAccount, Region: region}, typ), typ) {
		id := world.Ref(resource)
		if strings.HasPrefix(id[strings.LastIndex(id, ":")+1:], prefix) {
			return id, nil
		}
	}
	return "", fmt.Errorf("find %s %s* in %s: not there", typ, prefix, region)
}

// signedPut calls the simulation as the AWS CLI would. The simulation reads the
// Region and the service from the credential scope and checks no signature.
func (d *demonstration) signedPut(ctx context.Context, region, service, path, body string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, d.endpoint+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=demo/20260101/"+region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=00")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("change the standby: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 1000))
		return fmt.Errorf("change the standby: %s: %s", response.Status, text)
	}
	return nil
}
