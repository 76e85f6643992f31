package collect

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/ec2"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
)

func (w *world) scripted(region, kind, id string, properties map[string]any) {
	w.cloud.World().Store.Put(store.Resource{Scope: store.Scope{Account: account, Region: region}, Type: kind, ID: id, Properties: properties})
}

func TestWhatInstancesNeedOfTheOtherRegionIsAFact(t *testing.T) {
	w := newWorld(t)
	o := w.network()
	o.Objectives.ReservedCapacity, o.Objectives.CapacityScore = true, true
	w.scripted("us-west-2", ec2.NotOfferedType, "t3.small", nil)
	w.scripted("us-west-2", ec2.ReservationType, "cr-1", map[string]any{"InstanceType": "t3.small", "AvailabilityZone": "us-west-2a", "State": "active",
		"AvailableInstanceCount": 2, "TotalInstanceCount": 3})
	w.scripted("us-west-2", ec2.ScoreType, "score", map[string]any{"Score": "low"})
	snapshots := w.snapshots(o)
	for i, s := range snapshots {
		if len(s.Gaps) != 0 {
			t.Errorf("gaps %+v", s.Gaps)
		}
		group := factOf(t, s, drift.FactMachines, "shop/Group")
		if kinds, _ := group["Starts"].([]any); len(kinds) != 1 || !reflect.DeepEqual(group["Running"], map[string]any{kinds[0].(string): 2.0}) {
			t.Errorf("the group is %v", group)
		}
		bastion := factOf(t, s, drift.FactMachines, "shop/Bastion")
		if !reflect.DeepEqual(bastion["Running"], map[string]any{"t3.small": 1.0}) || !reflect.DeepEqual(bastion["Volumes"], map[string]any{"ebs/L-7A658B76": 30.0}) {
			t.Errorf("the instance is %v", bastion)
		}
		if quota := factOf(t, s, drift.FactQuota, "ebs/L-7A658B76"); quota["Value"] != 50.0 {
			t.Errorf("quota of volumes %v", quota)
		}
		zones := factOf(t, s, drift.FactInstanceOffering, "t3.small")["AvailabilityZones"].([]any)
		if want := []int{3, 0}[i]; len(zones) != want {
			t.Errorf("%s offers t3.small in %v", s.Region.Name, zones)
		}
	}
	if size := factOf(t, snapshots[0], drift.FactInstanceType, "t3.small"); size["VCpus"] != 2.0 || size["MemoryMiB"] != 2048.0 || size["Quota"] != "ec2/L-1216C47A" {
		t.Errorf("size %v", size)
	}
	if r := factOf(t, snapshots[1], drift.FactCapacityReservations, "")["Reservations"].([]any); len(r) != 1 || r[0].(map[string]any)["Available"] != 2.0 {
		t.Errorf("reservations %v", r)
	}
	if score := factOf(t, snapshots[1], drift.FactCapacityScore, "shop/Group"); score["Score"] != "low" || score["Instances"] != 2.0 || len(score["Zones"].([]any)) != 2 {
		t.Errorf("score %v", score)
	}
}

func TestNodesAreOfTheTypeOfTheirLaunchTemplate(t *testing.T) {
	w := telltale(t, "platform")
	for _, s := range w.snapshots(w.options("app")) {
		nodes := factOf(t, s, drift.FactMachines, "app/Custom")
		if !reflect.DeepEqual(nodes["Running"], map[string]any{"m7g.xlarge": 2.0}) || !reflect.DeepEqual(nodes["Starts"], []any{"m7g.xlarge"}) {
			t.Errorf("the nodes are %v", nodes)
		}
		if zones := factOf(t, s, drift.FactInstanceOffering, "m7g.xlarge")["AvailabilityZones"].([]any); len(zones) != 3 {
			t.Errorf("%s offers their type in %v", s.Region.Name, zones)
		}
	}
}

func TestEveryCallAboutInstancesThatIsDeniedIsAGap(t *testing.T) {
	w := newWorld(t)
	w.network()
	w.deploy(w.sessions[0].Config, "data", []byte(database), nil)
	w.deploy(w.sessions[1].Config, "data", []byte(database), nil)
	for call, want := range map[string]string{
		"ec2 DescribeInstanceTypes":                  drift.FactInstanceType + " t3.small",
		"ec2 DescribeInstanceTypeOfferings":          drift.FactInstanceOffering + " t3.small",
		"ec2 DescribeCapacityReservations":           drift.FactCapacityReservations + " ",
		"ec2 DescribeAvailabilityZones":              drift.FactCapacityScore + " shop/Group",
		"ec2 GetCapacityManagerSupportabilityScores": drift.FactCapacityScore + " shop/Group",
		"rds DescribeAccountAttributes":              drift.FactDBLimits + " ",
	} {
		t.Run(call, func(t *testing.T) {
			service, operation, _ := strings.Cut(call, " ")
			w.cloud.ClearFaults()
			w.fail(awssim.Fault{Region: "us-west-2", Service: service, Operation: operation, Effect: fault.AccessDenied})
			o := w.options("shop", "data")
			o.Objectives.ReservedCapacity, o.Objectives.CapacityScore = true, true
			s := w.snapshots(o)[1]
			if !slices.ContainsFunc(s.Gaps, func(g drift.Gap) bool {
				return g.Fact+" "+g.Resource == want && g.Operation == service+":"+operation && g.Reason == session.AccessDenied
			}) {
				t.Errorf("gaps %+v", s.Gaps)
			}
			kind, subject, _ := strings.Cut(want, " ")
			if slices.ContainsFunc(s.Facts, func(f drift.Fact) bool { return f.Kind == kind && f.Subject == subject }) {
				t.Error("what was denied is a fact")
			}
		})
	}
}

const database = `
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties: {DBInstanceClass: db.t3.micro, Engine: mysql, AllocatedStorage: "50", MasterUsername: app, ManageMasterUserPassword: true}
`

func TestCapacityIsAskedForOnlyWhereItWasDeclared(t *testing.T) {
	types := []string{"AWS::AutoScaling::AutoScalingGroup"}
	plain := Actions(types, Inventory{}, evidence.Declared{})
	declared := evidence.Declared{}
	declared.Objectives.ReservedCapacity, declared.Objectives.CapacityScore = true, true
	for _, action := range []string{"ec2:DescribeCapacityReservations", "ec2:GetGroupsForCapacityReservation", "ec2:GetCapacityManagerSupportabilityScores", "ec2:DescribeAvailabilityZones"} {
		if slices.Contains(plain, action) || !slices.Contains(Actions(types, Inventory{}, declared), action) {
			t.Errorf("%s is not allowed, or always", action)
		}
	}
	w := newWorld(t)
	w.snapshots(w.network())
	if n := w.cloud.Called("ec2", "DescribeCapacityReservations"); n != 0 {
		t.Errorf("%d calls", n)
	}
}
