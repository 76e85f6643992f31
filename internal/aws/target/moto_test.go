package target

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
	"github.com/lockstep-dr/lockstep/internal/mototest"
)

// What moto cannot do without: a format version, and names of parameters.
const (
	motoData = `AWSTemplateFormatVersion: "2010-09-09"
Parameters: {Version: {Type: String}}
Resources:
  Queue: {Type: AWS::SQS::Queue}
Outputs:
  QueueArn: {Value: !GetAtt Queue.Arn}
  Label: {Value: !Sub "v-${Version}"}
`
	motoApp = `AWSTemplateFormatVersion: "2010-09-09"
Parameters: {Label: {Type: String}, CodeBucket: {Type: String}, CodeKey: {Type: String}}
Resources:
  Place: {Type: AWS::SSM::Parameter, Properties: {Name: /shop/place, Type: String, Value: !Sub "${Label}/${CodeBucket}/${CodeKey}"}}
`
)

// motoRelease is a first deploy of two stacks, of which the second takes
// outputs of the first and a large template, into both Regions of moto.
func motoRelease(t *testing.T, url string, asset Asset) deploy.Request {
	t.Helper()
	req := deploy.Request{App: "shop", Release: deploy.Release{ID: "r-0123456789ab"}, Deployment: "d-1", Owner: deploy.Owner{ID: "run-1"}}
	for _, region := range bothRegions {
		cfg := aws.Config{Region: region, BaseEndpoint: aws.String(url), HTTPClient: mototest.Client(), RetryMaxAttempts: 1,
			Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")}
		spec := Stack{App: "shop", Release: req.Release.ID, Deployment: "d-1", Region: region}
		data, app := spec, spec
		data.Key, data.Name, data.Template = "data", "shop-data", []byte(motoData)
		data.Parameters = map[string]Parameter{"Version": {Literal: "1"}}
		app.Key, app.Name, app.Template = "app", "shop-app", []byte(large(motoApp))
		app.Parameters = map[string]Parameter{"Label": {Output: deploy.Ref{Target: "data", Output: "Label"}}}
		app.Assets = []Asset{asset}
		part := deploy.Region{Name: region, Role: "standby", Ledger: ledger.New(cfg, "shop", region, ledger.Options{})}
		for _, s := range []Stack{data, app} {
			target, err := NewStack(cfg, s, Options{CreateDirectly: true})
			if err != nil {
				t.Fatal(err)
			}
			part.Targets = append(part.Targets, target)
		}
		req.Regions = append(req.Regions, part)
	}
	return req
}

func TestAFirstReleaseArrivesInTwoRegionsOfMoto(t *testing.T) {
	if testing.Short() {
		t.Skip("starts moto")
	}
	url := mototest.Start(t)
	asset := loadCode(t, "index.js")
	req := motoRelease(t, url, asset)
	res, err := deploy.Run(t.Context(), req)
	if err != nil || res.Outcome != deploy.Done {
		t.Fatalf("%v %s (%s)\n%+v", err, res.Outcome, res.Reason, res.Regions)
	}
	for i, region := range req.Regions {
		state, err := region.Ledger.Read(t.Context())
		if err != nil || state.Record == nil || state.Record.ID != req.Release.ID || state.Lock != nil || state.Journal != nil {
			t.Errorf("%s: %+v, %v", region.Name, state, err)
		}
		if got := res.Regions[i].Targets[1].Status; got != "created" {
			t.Errorf("%s: app is %s", region.Name, got)
		}
	}
	again, err := deploy.Run(t.Context(), motoRelease(t, url, asset))
	if err != nil || again.Outcome != deploy.NoChange {
		t.Errorf("again: %v %s (%s) %s", err, again.Outcome, again.Reason, fmt.Sprintf("%+v", again.Regions))
	}
}
