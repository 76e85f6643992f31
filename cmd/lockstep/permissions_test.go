package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	faults "github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/readiness"
)

// connectedApp has what the sample has not: recovery points, and networks beside its own.
const connectedApp = `
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {Description: of the vault}}
  Vault: {Type: AWS::Backup::BackupVault, Properties: {BackupVaultName: dr, EncryptionKeyArn: !GetAtt Key.Arn}}
  Files: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "orders-files-${AWS::Region}"}}
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Hub: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Gateway: {Type: AWS::EC2::TransitGateway, Properties: {Description: hub}}
  Transit: {Type: AWS::EC2::TransitGatewayVpcAttachment, Properties: {VpcId: !Ref Vpc, TransitGatewayId: !Ref Gateway, SubnetIds: [!Ref Subnet]}}
  Peering: {Type: AWS::EC2::VPCPeeringConnection, Properties: {VpcId: !Ref Vpc, PeerVpcId: !Ref Hub}}
`

// newConnectedRig deploys that application under a strategy.
func newConnectedRig(t *testing.T, strategy, primary, standby string) *rig {
	t.Helper()
	return newRigOf(t, func(dir string) error {
		text := fmt.Sprintf(`version: 1
app: orders
strategy: %s
regions: {us-east-1: {role: %s}, us-west-2: {role: %s}}
objectives: {rpo: 24h, rto: 8h}
release:
  - cloudformation: {stack: app, template: app.yaml}
read: {quota-share: 100%%}
`, strategy, primary, standby)
		if err := os.WriteFile(filepath.Join(dir, "lockstep.yml"), []byte(text), 0o644); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, "app.yaml"), []byte(connectedApp), 0o644)
	})
}

// backUp gives the bucket of the primary a recovery point in the standby's vault.
func (r *rig) backUp() {
	r.Helper()
	r.sent(http.MethodPut, "us-west-2", "backup", "/backup-jobs",
		`{"BackupVaultName":"dr","ResourceArn":"arn:aws:s3:::orders-files-us-east-1","IamRoleArn":"arn:aws:iam::111111111111:role/backup"}`)
}

// sent is a request by hand.
func (r *rig) sent(method, region, service, path, body string) {
	r.Helper()
	request, err := http.NewRequest(method, os.Getenv("AWS_ENDPOINT_URL")+path, strings.NewReader(body))
	r.check(err)
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=rig/20260101/"+region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=00")
	response, err := http.DefaultClient.Do(request)
	r.check(err)
	r.check(response.Body.Close())
	if response.StatusCode >= 300 {
		r.Fatal(response.Status)
	}
}

// The calls that the sample does not make, each in every other way, and its neighbour
// in the rest: of recovery points, and of connections to other networks.
func TestNoFailedCallOfARecoveryMakesAStandbyReady(t *testing.T) {
	r := newConnectedRig(t, "pilot-light", "primary", "standby")
	r.backUp()
	half := func(index int) (kinds []string) {
		for i, kind := range sweepKinds {
			if i%2 == index%2 && !(raced && index%6 > 0) {
				kinds = append(kinds, kind)
			}
		}
		return kinds
	}
	seen := map[string]bool{}
	r.sweep(half, func(c call) bool {
		ours := c.service == "backup" || c.service == "kms" || strings.Contains(c.operation, "Peering") || strings.Contains(c.operation, "TransitGateway")
		if ours {
			seen[c.operation] = true
		}
		return ours
	})
	for _, operation := range []string{"ListBackupVaults", "ListRecoveryPointsByBackupVault", "DescribeKey", "DescribeVpcPeeringConnections", "DescribeTransitGatewayAttachments"} {
		if !seen[operation] {
			t.Errorf("the gate did not call %s", operation)
		}
	}
}

// Whatever the state of the Regions, to see less of them brings no verdict nearer to
// ready: what was broken or unknown is not ready, and what was ready is only where
// nothing is lost that matters.
func TestLosingAPermissionNeverTurnsAVerdictTowardsReady(t *testing.T) {
	for _, state := range []struct {
		name  string
		build func(t *testing.T) *rig
		want  readiness.Verdict
	}{
		{sampleReady, newRig, readiness.Ready},
		{"a warm standby that is broken", func(t *testing.T) *rig {
			r := newRig(t)
			r.breakStandby()
			return r
		}, readiness.NotReady},
		{"a pilot light that is backed up", func(t *testing.T) *rig {
			r := newConnectedRig(t, "pilot-light", "primary", "standby")
			r.backUp()
			return r
		}, readiness.Ready},
		{"backups that nobody made", func(t *testing.T) *rig { return newConnectedRig(t, "backup-restore", "primary", "standby") }, readiness.NotReady},
		{"active Regions", func(t *testing.T) *rig { return newConnectedRig(t, "active-active", "active", "active") }, readiness.Ready},
		{"active Regions of which one is cut off", func(t *testing.T) *rig {
			r := newConnectedRig(t, "active-active", "active", "active")
			id, err := (&demonstration{cloud: r.cloud, endpoint: os.Getenv("AWS_ENDPOINT_URL")}).physicalID("us-west-2", "AWS::EC2::VPCPeeringConnection", "")
			r.check(err)
			r.check(r.cloud.Edit(awssim.Edit{Region: "us-west-2", Type: "AWS::EC2::VPCPeeringConnection", ID: id, Set: map[string]any{"State": "rejected"}}))
			return r
		}, readiness.NotReady},
	} {
		t.Run(state.name, func(t *testing.T) {
			r := state.build(t)
			cfg := r.config()
			before := len(r.cloud.Calls())
			if have := judged(t, r.cloud, cfg); have.Verdict != state.want {
				t.Fatalf("%s, want %s", have.Verdict, state.want)
			}
			for i, c := range distinct(r.cloud.Calls()[before:]) {
				// What the sample loses while it is ready the sweep tries call by call.
				if raced && i%6 > 0 || state.name == sampleReady && i%3 > 0 {
					continue
				}
				id, err := r.cloud.Fail(awssim.Fault{Effect: faults.AccessDenied, Region: c.region, Service: c.service, Operation: c.operation})
				r.check(err)
				have := judged(t, r.cloud, cfg)
				r.cloud.Heal(id)
				lost := slices.IndexFunc(have.Gaps, func(gap drift.Gap) bool { return !canDoWithout(gap) })
				if have.Verdict == readiness.Ready && (state.want != readiness.Ready || lost >= 0) {
					t.Errorf("without %+v it is %s", c, have.Verdict)
				}
			}
		})
	}
}

const sampleReady = "a warm standby that is ready"

// distinct are the operations that were called, in the order of their first call.
func distinct(entries []awssim.Entry) []call {
	var list []call
	for _, e := range entries {
		if c := (call{e.Region, e.Service, e.Operation}); !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	return list
}

// withoutEndpoint is a network in which a service has no endpoint in a Region: its name
// leads nowhere.
type withoutEndpoint struct {
	*awssim.Client
	region, service string
}

func (w withoutEndpoint) Do(request *http.Request) (*http.Response, error) {
	if strings.Contains(request.Header.Get("Authorization"), "/"+w.region+"/"+w.service+"/aws4_request") {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: w.service + "." + w.region + ".amazonaws.com", IsNotFound: true}}
	}
	return w.Client.Do(request)
}

// A Region may lack a service. Then nothing of it is there, and nothing says so but
// a name that leads nowhere: that is no answer.
func TestAServiceWithoutAnEndpointInTheStandbyIsUnknownByName(t *testing.T) {
	r := newRig(t)
	cfg := r.config()
	for _, service := range []string{"kms", "lambda", "sqs", "dynamodb", "monitoring", "servicequotas"} {
		t.Run(service, func(t *testing.T) {
			have := judgedOver(t, withoutEndpoint{r.cloud.HTTPClient(), "us-west-2", service}, cfg)
			if have.Verdict != readiness.Unknown {
				t.Errorf("it is %s", have.Verdict)
			}
			for _, c := range have.Checks {
				if c.Status == readiness.Undetermined && strings.Contains(c.Evidence, "us-west-2") &&
					slices.ContainsFunc(c.Missing, func(g drift.Gap) bool {
						return g.Region == "us-west-2" && strings.Contains(g.Message, service+".us-west-2")
					}) {
					return
				}
			}
			t.Errorf("no check names %s in us-west-2: %+v", service, have.Gaps)
		})
	}
}
