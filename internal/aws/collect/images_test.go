package collect

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/lockstep-dr/lockstep/drift"
)

const imageFunction = `
Resources:
  Execution:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}
  Resize:
    Type: AWS::Lambda::Function
    Properties: {PackageType: Image, Role: !GetAtt Execution.Arn, Code: {ImageUri: !Sub "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/resize:1"}}
`

// An image is pushed in the primary and copied by the registry; whether the
// standby has it is asked of the standby's own registry.
func TestAnImageIsLookedForInTheRegionThatNeedsIt(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	east, west := ecr.NewFromConfig(w.sessions[0].Config), ecr.NewFromConfig(w.sessions[1].Config)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := east.PutReplicationConfiguration(ctx, &ecr.PutReplicationConfigurationInput{ReplicationConfiguration: &ecrtypes.ReplicationConfiguration{
		Rules: []ecrtypes.ReplicationRule{{Destinations: []ecrtypes.ReplicationDestination{{Region: aws.String("us-west-2"), RegistryId: aws.String(account)}}}}}})
	must(err)
	_, err = east.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: aws.String("resize")})
	must(err)
	pushed, err := east.PutImage(ctx, &ecr.PutImageInput{RepositoryName: aws.String("resize"), ImageTag: aws.String("1"), ImageManifest: aws.String(`{"schemaVersion":2}`)})
	must(err)
	for _, s := range w.sessions {
		w.deploy(s.Config, "app", []byte(imageFunction), nil)
	}
	subject := "resize@" + *pushed.Image.ImageId.ImageDigest
	copied, _ := factOf(t, w.snapshots(w.options("app"))[0], drift.FactImageReplication, subject)["Statuses"].([]any)
	if len(copied) != 1 || copied[0].(map[string]any)["Region"] != "us-west-2" || copied[0].(map[string]any)["Status"] != "COMPLETE" {
		t.Errorf("copies of the image: %v", copied)
	}
	states := func() string {
		list := ""
		for _, s := range w.snapshots(w.options("app")) {
			images, _ := factOf(t, s, drift.FactImages, "app/Resize")["Images"].([]any)
			for _, i := range images {
				image := i.(map[string]any)
				if image["Digest"] != *pushed.Image.ImageId.ImageDigest {
					t.Errorf("%s: %v", s.Region.Name, image)
				}
				list += fmt.Sprintf("%s %s;", s.Region.Name, image["State"])
			}
			if digest := resource(t, s, "app/Resize").Properties["ImageDigest"]; digest != *pushed.Image.ImageId.ImageDigest {
				t.Errorf("%s runs %v", s.Region.Name, digest)
			}
		}
		return list
	}
	if have := states(); have != "us-east-1 present;us-west-2 present;" {
		t.Error(have)
	}
	if c := compare(w, w.snapshots(w.options("app"))); len(c.Findings) != 0 {
		t.Errorf("findings %+v", c.Findings)
	}
	_, err = west.BatchDeleteImage(ctx, &ecr.BatchDeleteImageInput{RepositoryName: aws.String("resize"), ImageIds: []ecrtypes.ImageIdentifier{*pushed.Image.ImageId}})
	must(err)
	if have := states(); have != "us-east-1 present;us-west-2 absent;" {
		t.Error(have)
	}
}
