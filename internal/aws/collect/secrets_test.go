package collect

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

const canary = "c4n4ry-S3cr3t-value"

const secretive = `
Parameters:
  Pin: {Type: String, NoEcho: true, Default: c4n4ry-S3cr3t-value-default}
  ApiToken: {Type: String}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(e, c): pass"}
      Environment:
        Variables:
          PASSWORD: c4n4ry-S3cr3t-value-literal
          CODE: !Ref Pin
          TOKEN: !Ref ApiToken
          DATABASE_URL: postgres://app:c4n4ry-S3cr3t-value-url@db/x
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties: {Name: app/secret, SecretString: c4n4ry-S3cr3t-value-secret}
  DbPassword:
    Type: AWS::SSM::Parameter
    Properties: {Name: /app/db-password, Type: String, Value: c4n4ry-S3cr3t-value-parameter}
Outputs:
  AdminPassword: {Value: c4n4ry-S3cr3t-value-output}
`

// secure makes the parameter a SecureString, which CloudFormation cannot: by hand.
func (w *world) secure(cfg aws.Config, value string) {
	w.Helper()
	client, name := ssm.NewFromConfig(cfg), aws.String("/app/db-password")
	if _, err := client.DeleteParameter(w.Context(), &ssm.DeleteParameterInput{Name: name}); err != nil {
		w.Fatal(err)
	}
	if _, err := client.PutParameter(w.Context(), &ssm.PutParameterInput{Name: name, Value: &value, Type: ssmtypes.ParameterTypeSecureString}); err != nil {
		w.Fatal(err)
	}
}

// Secrets planted wherever people put them are nowhere in the snapshots, nor in
// the error of a call that carries one.
func TestNoSecretIsInASnapshot(t *testing.T) {
	w := newWorld(t)
	for _, s := range w.sessions {
		w.deploy(s.Config, "app", []byte(secretive), map[string]string{"Pin": canary + "-pin", "ApiToken": canary + "-token"})
		w.secure(s.Config, canary+"-secure")
	}
	o := w.options("app")
	o.SecretValues = true
	snapshots := w.snapshots(o)
	data, err := json.Marshal(snapshots)
	if err != nil {
		t.Fatal(err)
	}
	for at := strings.Index(string(data), canary); at >= 0; at = -1 {
		t.Errorf("the canary left: …%s…", data[max(0, at-200):min(len(data), at+60)])
	}
	if len(snapshots[0].Resources) != 4 || len(snapshots[0].Gaps) != 0 {
		t.Fatalf("%d resources, gaps %+v", len(snapshots[0].Resources), snapshots[0].Gaps)
	}
	// They are still compared: equal in both Regions, and seen to differ when they do.
	if c := compare(w, snapshots); len(c.Findings) != 0 {
		t.Errorf("findings %+v", c.Findings)
	}
	if _, err := secretsmanager.NewFromConfig(w.sessions[1].Config).PutSecretValue(t.Context(),
		&secretsmanager.PutSecretValueInput{SecretId: aws.String("app/secret"), SecretString: aws.String("another")}); err != nil {
		t.Fatal(err)
	}
	w.secure(w.sessions[1].Config, "another")
	after := w.snapshots(o)
	digest := func(s *drift.Snapshot) string {
		for _, f := range s.Facts {
			if f.Kind == drift.FactSecretValue {
				sealed, _ := drift.AsSealed(f.Value)
				return sealed.Digest
			}
		}
		return ""
	}
	if digest(after[0]) != digest(snapshots[0]) || digest(after[1]) == digest(snapshots[1]) || digest(after[1]) == "" {
		t.Error("the digest of the secret does not follow its value")
	}
	if c := compare(w, after); !slices.ContainsFunc(c.Findings, func(f drift.Finding) bool { return f.Resource == "app/DbPassword" && f.Property == "Value" }) {
		t.Errorf("a secure parameter that differs is not found: %+v", c.Findings)
	}
}

func TestMessagesOfErrorsCarryNoCredentials(t *testing.T) {
	w := newWorld(t)
	w.fail(awssim.Fault{Effect: fault.Error, Region: "us-west-2", Service: "cloudformation", Status: 400, Code: "ValidationError",
		Message: "bad value postgres://app:" + canary + "@db/x"})
	data, err := json.Marshal(w.snapshots(w.options("payments")))
	if err != nil || strings.Contains(string(data), canary) || !strings.Contains(string(data), "bad value") {
		t.Errorf("%v %s", err, data)
	}
}
