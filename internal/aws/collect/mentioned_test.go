package collect

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

func TestCertificates(t *testing.T) {
	w := telltale(t, "certificates")
	snapshots := w.snapshots(w.options("app"))
	state := factOf(t, snapshots[1], drift.FactCertificateState, "app/Certificate")
	if state["Status"] != "ISSUED" || state["NotAfter"] == nil || state["InUse"] != false {
		t.Errorf("state %v", state)
	}
	w.shows(edit{"Certificate", "CertificateExport", func(cfg aws.Config, id string) error {
		_, err := acm.NewFromConfig(cfg).UpdateCertificateOptions(t.Context(), &acm.UpdateCertificateOptionsInput{CertificateArn: &id, Options: &acmtypes.CertificateOptions{Export: "ENABLED"}})
		return err
	}})
}

// outside is what another team keeps in a Region: a certificate, a key and a
// group of parameters.
func (w *world) outside(region int) (certificate, key string) {
	w.Helper()
	cfg := w.sessions[region].Config
	requested, err := acm.NewFromConfig(cfg).RequestCertificate(w.Context(), &acm.RequestCertificateInput{DomainName: aws.String("pay.example.com"), ValidationMethod: "DNS"})
	if err != nil {
		w.Fatal(err)
	}
	keys := kms.NewFromConfig(cfg)
	made, err := keys.CreateKey(w.Context(), &kms.CreateKeyInput{})
	if err != nil {
		w.Fatal(err)
	}
	if _, err := keys.CreateAlias(w.Context(), &kms.CreateAliasInput{AliasName: aws.String("alias/shared"), TargetKeyId: made.KeyMetadata.KeyId}); err != nil {
		w.Fatal(err)
	}
	groups := rds.NewFromConfig(cfg)
	name := aws.String("shared")
	if _, err := groups.CreateDBParameterGroup(w.Context(), &rds.CreateDBParameterGroupInput{DBParameterGroupName: name, DBParameterGroupFamily: aws.String("postgres16"), Description: name}); err != nil {
		w.Fatal(err)
	}
	if _, err := groups.ModifyDBParameterGroup(w.Context(), &rds.ModifyDBParameterGroupInput{DBParameterGroupName: name,
		Parameters: []rdstypes.Parameter{{ParameterName: aws.String("max_connections"), ParameterValue: aws.String(fmt.Sprint(100 + region)), ApplyMethod: "immediate"}}}); err != nil {
		w.Fatal(err)
	}
	return *requested.CertificateArn, *made.KeyMetadata.Arn
}

const pointing = `
Parameters:
  Certificate: {Type: String}
  Key: {Type: String}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {KmsMasterKeyId: !Ref Key}
  Where:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Ref Certificate}
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, DBInstanceClass: db.r6g.large, AllocatedStorage: "20", MasterUsername: app, ManageMasterUserPassword: true, StorageEncrypted: true, DBParameterGroupName: shared}
`

func TestWhatPropertiesPointToOutsideIsDescribedOnce(t *testing.T) {
	w := newWorld(t)
	var certificates, keys []string
	for i, s := range w.sessions {
		certificate, key := w.outside(i)
		certificates, keys = append(certificates, certificate), append(keys, key)
		w.deploy(s.Config, "app", []byte(pointing), map[string]string{"Certificate": certificate, "Key": key})
	}
	for i, s := range w.snapshots(w.options("app")) {
		if len(s.Gaps) != 0 {
			t.Errorf("gaps %+v", s.Gaps)
		}
		certificate := factOf(t, s, drift.FactContent, certificates[i])
		content, _ := certificate["Content"].(map[string]any)
		if certificate["Kind"] != "Certificate" || certificate["Status"] != "PENDING_VALIDATION" || content["DomainName"] != "pay.example.com" || content["KeyAlgorithm"] != "RSA_2048" {
			t.Errorf("certificate %v", certificate)
		}
		key := factOf(t, s, drift.FactContent, keys[i])
		content, _ = key["Content"].(map[string]any)
		if key["Kind"] != "KMSKey" || key["Name"] != "alias/shared" || key["KeyState"] != "Enabled" || content["KeySpec"] != "SYMMETRIC_DEFAULT" || content["EnableKeyRotation"] != false {
			t.Errorf("key %v", key)
		}
		group := factOf(t, s, drift.FactContent, "shared")
		content, _ = group["Content"].(map[string]any)
		if fmt.Sprintf("%v %v", group["Kind"], content) != fmt.Sprintf("ParameterGroup map[Family:postgres16 Parameters:map[max_connections:%d]]", 100+i) {
			t.Errorf("group %v", group)
		}
		managed := resource(t, s, "app/Database").Properties["KmsKeyId"].(string)
		if key := factOf(t, s, drift.FactContent, managed); key["Name"] != "alias/aws/rds" {
			t.Errorf("key of RDS %v", key)
		}
	}
}

func TestAPointerThatMayNotBeFollowedIsAGapAndNoFact(t *testing.T) {
	w := newWorld(t)
	standby := ""
	for i, s := range w.sessions {
		certificate, key := w.outside(i)
		standby = key
		w.deploy(s.Config, "app", []byte(pointing), map[string]string{"Certificate": certificate, "Key": key})
	}
	w.fail(awssim.Fault{Region: "us-west-2", Service: "kms", Operation: "ListAliases", Effect: fault.AccessDenied})
	s := w.snapshots(w.options("app"))[1]
	denied := map[string]bool{}
	for _, g := range s.Gaps {
		if g.Fact != drift.FactContent || g.Operation != "kms:ListAliases" || g.Reason != "AccessDenied" {
			t.Errorf("gap %+v", g)
		}
		denied[g.Resource] = true
	}
	if !denied[standby] || !denied[resource(t, s, "app/Database").Properties["KmsKeyId"].(string)] || len(s.Resources) != 3 {
		t.Errorf("gaps %+v", s.Gaps)
	}
}

const runsAForeignTask = `
Parameters:
  Task: {Type: String}
Resources:
  Cluster: {Type: "AWS::ECS::Cluster"}
  Service: {Type: "AWS::ECS::Service", Properties: {Cluster: !Ref Cluster, TaskDefinition: !Ref Task, DesiredCount: 1}}
`

// A pipeline registers the revisions that the services run; no stack has them,
// and each Region counts its own.
func TestServicesThatRunAnothersTaskDefinitionAreComparedByWhatItRuns(t *testing.T) {
	for name, test := range map[string]struct {
		there string // the image of the standby
		says  string
	}{
		"the same image under another number": {"web:1", ""},
		"another image":                       {"web:0", "web:0"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for i, s := range w.sessions {
				task := ""
				for _, image := range [][]string{{"web:1"}, {"web:old", test.there}}[i] {
					out, err := ecs.NewFromConfig(s.Config).RegisterTaskDefinition(t.Context(), &ecs.RegisterTaskDefinitionInput{Family: aws.String("web"),
						ContainerDefinitions: []ecstypes.ContainerDefinition{{Name: aws.String("web"), Image: &image, Memory: aws.Int32(64),
							Environment: []ecstypes.KeyValuePair{{Name: aws.String("REGION"), Value: aws.String(s.Region.Name)}, {Name: aws.String("API_TOKEN"), Value: aws.String(canary)}}}}})
					if err != nil {
						t.Fatal(err)
					}
					task = *out.TaskDefinition.TaskDefinitionArn
				}
				w.deploy(s.Config, "app", []byte(runsAForeignTask), map[string]string{"Task": task})
			}
			snapshots := w.snapshots(w.options("app"))
			if data, err := json.Marshal(snapshots); err != nil || strings.Contains(string(data), canary) {
				t.Errorf("%v: the token of a container left", err)
			}
			c := compare(w, snapshots)
			if len(c.Gaps) != 0 || len(c.Findings) > 0 != (test.says != "") {
				t.Fatalf("findings %+v, gaps %+v", c.Findings, c.Gaps)
			}
			if test.says != "" && (len(c.Findings) != 1 || c.Findings[0].Severity != drift.Block || c.Findings[0].Property != "TaskDefinition" || !strings.Contains(c.Findings[0].Message, test.says)) {
				t.Errorf("%+v", c.Findings)
			}
		})
	}
}
