package evidence

import (
	"reflect"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

type tree = map[string]any

func template(data tree) tree { return tree{"LaunchTemplateData": data} }

func TestMachines(t *testing.T) {
	sizes := tree{"MinSize": 1.0, "MaxSize": 9.0, "DesiredSize": 3.0}
	disk := func(kind string, gib, iops float64) any {
		return tree{"Ebs": tree{"VolumeType": kind, "VolumeSize": gib, "Iops": iops}}
	}
	for name, c := range map[string]struct {
		kind       string
		properties tree
		instances  any // of a group, by type; of an instance its state
		want       any // nil: nobody can count them
	}{
		"nodes of the first of their types": {nodeGroupType, tree{"ScalingConfig": sizes, "InstanceTypes": []any{"m5.large", "m6i.large"}}, nil,
			tree{"Running": tree{"m5.large": 3.0}, "Starts": []any{"m5.large", "m6i.large"}}},
		"nodes of the type of their launch template": {nodeGroupType, tree{"ScalingConfig": sizes, "LaunchTemplate": template(tree{"InstanceType": "c7g.large"})}, nil,
			tree{"Running": tree{"c7g.large": 3.0}, "Starts": []any{"c7g.large"}}},
		"nodes of EKS's type where nobody names one": {nodeGroupType, tree{"ScalingConfig": sizes, "LaunchTemplate": template(tree{"ImageId": "ami-1"})}, nil,
			tree{"Running": tree{"t3.medium": 3.0}, "Starts": []any{"t3.medium"}}},
		"nodes with the disks of their launch template": {nodeGroupType, tree{"ScalingConfig": sizes, "InstanceTypes": []any{"m5.large"},
			"LaunchTemplate": template(tree{"BlockDeviceMappings": []any{disk("io2", 100, 5000), disk("gp3", 20, 3000)}})}, nil,
			tree{"Running": tree{"m5.large": 3.0}, "Starts": []any{"m5.large"}, "Volumes": tree{"ebs/L-09BD8365": 100.0, "ebs/L-7A658B76": 20.0}, "IOPS": tree{"ebs/L-8D977E7E": 5000.0}}},
		"nodes that are Spot Instances": {nodeGroupType, tree{"ScalingConfig": sizes, "InstanceTypes": []any{"m5.large"}, "CapacityType": "SPOT"}, nil,
			tree{"Running": tree{"m5.large": 3.0}, "Starts": []any{"m5.large"}, "OnDemand": 0.0}},
		"nodes whose launch template could not be read": {nodeGroupType, tree{"ScalingConfig": sizes}, nil, nil},
		"nodes of which nobody says how many":           {nodeGroupType, tree{"InstanceTypes": []any{"m5.large"}}, nil, nil},
		"a group by what it has": {groupType, tree{"LaunchTemplate": template(tree{"InstanceType": "m5.large"})}, tree{"m5.large": 2.0, "m4.large": 1.0},
			tree{"Running": tree{"m5.large": 2.0, "m4.large": 1.0}, "Starts": []any{"m5.large"}}},
		"a group whose overrides name types and launch templates": {groupType, tree{"MixedInstancesPolicy": tree{"LaunchTemplate": tree{
			"LaunchTemplateSpecification": template(tree{"InstanceType": "t3.micro"}),
			"Overrides":                   []any{tree{"InstanceType": "m5.large"}, tree{"LaunchTemplateSpecification": template(tree{"InstanceType": "m7g.large"})}}}}}, tree{},
			tree{"Running": tree{}, "Starts": []any{"m5.large", "m7g.large"}}},
		"a group that is On-Demand in part": {groupType, tree{"MixedInstancesPolicy": tree{
			"InstancesDistribution": tree{"OnDemandBaseCapacity": 1.0, "OnDemandPercentageAboveBaseCapacity": 0.0}}}, tree{"m5.large": 4.0},
			tree{"Running": tree{"m5.large": 4.0}, "Starts": []any{}, "OnDemand": 0.25}},
		"a group of Capacity Blocks": {groupType, tree{"LaunchTemplate": template(tree{"InstanceType": "p5.48xlarge", "InstanceMarketOptions": tree{"MarketType": "capacity-block"}})},
			tree{"p5.48xlarge": 1.0}, tree{"Running": tree{"p5.48xlarge": 1.0}, "Starts": []any{"p5.48xlarge"}, "OnDemand": 0.0}},
		"a group whose instances were not read":            {groupType, tree{"LaunchTemplate": template(tree{"InstanceType": "m5.large"})}, nil, nil},
		"a group with an instance of which the type lacks": {groupType, tree{}, tree{"": 1.0}, nil},
		"an instance":                          {machineType, tree{"InstanceType": "t3.small"}, "running", tree{"Running": tree{"t3.small": 1.0}, "Starts": []any{"t3.small"}}},
		"an instance that is about to run":     {machineType, tree{"InstanceType": "t3.small"}, "pending", tree{"Running": tree{"t3.small": 1.0}, "Starts": []any{"t3.small"}}},
		"a stopped instance":                   {machineType, tree{"InstanceType": "t3.small"}, "stopped", tree{"Running": tree{}, "Starts": []any{"t3.small"}}},
		"an instance whose state was not read": {machineType, tree{"InstanceType": "t3.small"}, nil, nil},
		"an instance whose type was not read":  {machineType, tree{}, "running", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := &drift.Snapshot{Resources: []drift.Resource{{Key: "app/It", Type: c.kind, Properties: c.properties}}}
			if c.kind == machineType && c.instances != nil {
				s.Facts = []drift.Fact{{Kind: drift.FactInstanceState, Subject: "app/It", Value: tree{"State": c.instances}}}
			} else if c.instances != nil {
				s.Facts = []drift.Fact{{Kind: drift.FactGroupInstances, Subject: "app/It", Value: tree{"InstanceTypes": c.instances}}}
			}
			m, counted := machinesOf(s)["app/It"]
			if !counted || c.want == nil {
				if counted || c.want != nil {
					t.Errorf("counted %t: %+v", counted, m)
				}
				return
			}
			have, err := drift.Tree(m.value())
			delete(object(have), "Reserves") // has a test of its own
			want := tree{"Weighted": false, "Attributes": false, "Volumes": tree{}, "IOPS": tree{}, "OnDemand": 1.0}
			for member, value := range c.want.(tree) {
				want[member] = value
			}
			if err != nil || !reflect.DeepEqual(have, any(want)) {
				t.Errorf("%v, %v\nwant %v", have, err, want)
			}
		})
	}
}

func TestTheQuotaOfAnInstanceType(t *testing.T) {
	for instance, want := range map[string]string{
		"m7g.large": "ec2/L-1216C47A", "im4gn.large": "ec2/L-1216C47A", "t3a.nano": "ec2/L-1216C47A", "i7ie.large": "ec2/L-1216C47A",
		"gr6.4xlarge": "ec2/L-DB2E81BA", "vt1.3xlarge": "ec2/L-DB2E81BA", "p5en.48xlarge": "ec2/L-417A185B", "x2iezn.metal": "ec2/L-7295265B",
		"u-6tb1.metal": "ec2/L-43DA4232", "u7i-12tb.224xlarge": "ec2/L-43DA4232", "trn2.48xlarge": "ec2/L-2C3B7624", "inf2.xlarge": "ec2/L-1945791B",
		"hpc7g.4xlarge": "ec2/L-F7808C92", "dl1.24xlarge": "ec2/L-6E869C2A", "f2.6xlarge": "ec2/L-74FC7D96",
		"mac2.metal": "", "q9.large": "", "": "",
	} {
		if have := vcpuQuota(instance); have != want {
			t.Errorf("%s counts towards %q, want %q", instance, have, want)
		}
	}
}
