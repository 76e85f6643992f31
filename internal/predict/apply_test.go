package predict

import (
	"encoding/base64"
	"encoding/hex"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

type object = map[string]any

func TestOnlyWhatAChangeNamesIsTouchedInALiveValue(t *testing.T) {
	tag := func(key, value string) any { return object{"Key": key, "Value": value} }
	for _, test := range []struct {
		name                  string
		live, now, next, want any
	}{
		{"nothing changes, and the live value was changed by hand", 7.0, 5.0, 5.0, 7.0},
		{"a new value", 5.0, 5.0, 9.0, 9.0},
		{"a member beside one that AWS added", object{"A": 1.0, "Aws": "x"}, object{"A": 1.0}, object{"A": 2.0}, object{"A": 2.0, "Aws": "x"}},
		{"a member that goes", object{"A": 1.0, "B": 2.0, "Aws": "x"}, object{"A": 1.0, "B": 2.0}, object{"A": 1.0}, object{"A": 1.0, "Aws": "x"}},
		{"a member that comes", object{"A": 1.0}, object{"A": 1.0}, object{"A": 1.0, "B": 2.0}, object{"A": 1.0, "B": 2.0}},
		{"a member that is declared and not shown by a read stays so", object{"A": 1.0}, object{"A": 1.0, "W": 3.0}, object{"A": 2.0, "W": 3.0}, object{"A": 2.0}},
		{"a tag beside that of the stack", []any{tag("a", "1"), tag("team", "x")}, []any{tag("a", "1")}, []any{tag("a", "2")}, []any{tag("a", "2"), tag("team", "x")}},
		{"a tag that goes and one that comes", []any{tag("a", "1"), tag("team", "x")}, []any{tag("a", "1")}, []any{tag("b", "2")}, []any{tag("team", "x"), tag("b", "2")}},
		{"a list without names", []any{"a", "b"}, []any{"a", "b"}, []any{"b"}, []any{"b"}},
		{"something that was never set", nil, nil, object{"A": 1.0}, object{"A": 1.0}},
		{"another kind of value", "x", "x", []any{"y"}, []any{"y"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := patched(test.live, test.now, test.next); !reflect.DeepEqual(got, test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// deployed is what a template declares, as if it had been deployed and read.
func deployed(source Source) *drift.Snapshot {
	s := Declared(source, at)
	for i := range s.Resources {
		s.Resources[i].Planned = ""
		s.Resources[i].ID = source.Region.Name + "-" + strings.ReplaceAll(s.Resources[i].Key, "/", "-")
		s.Facts = append(s.Facts, drift.Fact{Kind: "state", Subject: s.Resources[i].Key, Value: "fine"})
	}
	for i := range s.Stacks {
		s.Stacks[i].ID = "id"
	}
	return s
}

func TestALiveRegionWithTheChangesOfTheWorkingTree(t *testing.T) {
	const before = "Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1}}\n  T: {Type: AWS::SNS::Topic}\n"
	for _, test := range []struct {
		name, after string
		plans       Plans
		planned     string // "key plan" of every resource that is planned
		keys, gaps  string
		lost        string // the resources whose facts are not known
		delay       any
	}{
		{name: "nothing changes", after: before, keys: "app/Q app/T", delay: 1.0},
		{name: "a value", after: strings.ReplaceAll(before, ": 1}", ": 2}"), keys: "app/Q app/T", planned: "app/Q update", delay: 2.0},
		{name: "a value that the change sets do not change", after: strings.ReplaceAll(before, ": 1}", ": 2}"), plans: Plans{"app": {}}, keys: "app/Q app/T", delay: 1.0},
		{name: "a resource that comes", after: before + "  N: {Type: AWS::SQS::Queue}\n", keys: "app/N app/Q app/T", planned: "app/N create", delay: 1.0},
		{name: "a resource that goes", after: strings.ReplaceAll(before, "  T: {Type: AWS::SNS::Topic}\n", ""), keys: "app/Q", lost: "app/T", delay: 1.0},
		{name: "a resource that is replaced", after: strings.ReplaceAll(before, ": 1}", ": 2}"), keys: "app/Q app/T", planned: "app/Q create", lost: "app/Q", delay: 2.0,
			plans: Plans{"app": {{Resource: "Q", Action: "Modify", Replaces: true}}}},
		{name: "a resource of another type", after: strings.ReplaceAll(before, "T: {Type: AWS::SNS::Topic}", "T: {Type: AWS::Events::EventBus}"), keys: "app/Q app/T", planned: "app/T create", lost: "app/T", delay: 1.0},
		{name: "a macro", after: "Transform: M\n" + before, keys: "app/Q app/T", gaps: "app:", delay: 1.0},
		{name: "an addition that only the change set shows", after: before, keys: "app/Q app/T", gaps: "app/X:", delay: 1.0,
			plans: Plans{"app": {{Resource: "X", Type: "AWS::SQS::Queue", Action: "Add"}}}},
		{name: "what follows from another change", after: before, keys: "app/Q app/T", delay: 1.0,
			plans: Plans{"app": {{Resource: "T", Action: "Modify", Properties: []string{"Tags"}}}}},
		{name: "a stored value that changes", after: strings.ReplaceAll(before, ": 1}", ": '{{resolve:ssm:/delay}}'}"), keys: "app/Q app/T", planned: "app/Q update", delay: "{{resolve:ssm:/delay}}",
			plans: Plans{"app": {{Resource: "Q", Action: "Modify", Properties: []string{"DelaySeconds"}}}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			source := both(t, before, before, [2]map[string]Value{})[0]
			live := deployed(source)
			untouched := deployed(source)
			source.Stacks[0].Template = both(t, test.after, test.after, [2]map[string]Value{})[0].Stacks[0].Template
			after := Apply(live, source, test.plans)
			if !reflect.DeepEqual(live, untouched) {
				t.Error("the live snapshot was changed")
			}
			var keys, planned, gaps, lost []string
			for _, r := range after.Resources {
				keys = append(keys, r.Key)
				if r.Planned != "" {
					planned = append(planned, r.Key+" "+string(r.Planned))
				}
				if delay, declared := r.Properties["DelaySeconds"]; r.Key == "app/Q" && (!declared || delay != test.delay) {
					t.Errorf("DelaySeconds is %v, want %v", delay, test.delay)
				}
			}
			for _, g := range after.Gaps {
				gaps = append(gaps, g.Resource+":"+g.Property)
			}
			for _, f := range live.Facts {
				if !slices.ContainsFunc(after.Facts, func(have drift.Fact) bool { return have.Subject == f.Subject }) {
					lost = append(lost, f.Subject)
				}
			}
			slices.Sort(keys)
			for _, pair := range [][2]string{{strings.Join(keys, " "), test.keys}, {strings.Join(planned, ","), test.planned}, {strings.Join(gaps, " "), test.gaps}, {strings.Join(lost, " "), test.lost}} {
				if pair[0] != pair[1] {
					t.Errorf("%q, want %q", pair[0], pair[1])
				}
			}
		})
	}
}

func TestAStoredValueThatOnlyTheChangeSetSeesChangeIsAGap(t *testing.T) {
	const body = "Parameters: {Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /image}}\nResources: {H: {Type: AWS::EC2::Instance, Properties: {ImageId: !Ref Image}}}"
	source := both(t, body, body, [2]map[string]Value{})[0]
	live := deployed(source)
	after := Apply(live, source, Plans{"app": {{Resource: "H", Type: "AWS::EC2::Instance", Action: "Modify", Properties: []string{"ImageId"}}}})
	if len(after.Gaps) != 1 || after.Gaps[0].Resource != "app/H" || after.Gaps[0].Property != "ImageId" {
		t.Errorf("%+v", after.Gaps)
	}
}

func TestAStackThatDoesNotExistYetIsWhatItsTemplateDeclares(t *testing.T) {
	const body = "Resources: {Q: {Type: AWS::SQS::Queue}}"
	source := both(t, body, body, [2]map[string]Value{})[0]
	live := &drift.Snapshot{Region: source.Region, Stacks: []drift.Stack{{Key: "app", Name: "app"}}}
	after := Apply(live, source, nil)
	if len(after.Resources) != 1 || after.Resources[0].Planned != drift.PlannedCreate || len(after.Stacks) != 1 || after.Stacks[0].Status == "" {
		t.Errorf("%+v", after)
	}
}

func TestAStackThatIsOnlyInReviewDoesNotExistYet(t *testing.T) {
	const body = "Resources: {Q: {Type: AWS::SQS::Queue}}"
	source := both(t, body, body, [2]map[string]Value{})[0]
	live := &drift.Snapshot{Region: source.Region, Stacks: []drift.Stack{{Key: "app", Name: "app", ID: "id", Status: "REVIEW_IN_PROGRESS"}},
		Gaps: []drift.Gap{{Region: source.Region.Name, Resource: "app", Type: stackType, Property: "Template", Reason: "ValidationError"}}}
	after := Apply(live, source, Plans{"app": {{Resource: "Q", Type: "AWS::SQS::Queue", Action: "Add"}}})
	if len(after.Resources) != 1 || len(after.Stacks) != 1 || after.Stacks[0].Status == "REVIEW_IN_PROGRESS" || len(after.Gaps) != 0 {
		t.Errorf("%+v", after)
	}
}

func TestThePackageOfADeployIsKnownByTheDigestThatLambdaTells(t *testing.T) {
	sum := strings.Repeat("ab", 32)
	raw, err := hex.DecodeString(sum)
	if err != nil {
		t.Fatal(err)
	}
	if got := codeNamed(object{"S3Key": "lockstep/" + sum}); got != base64.StdEncoding.EncodeToString(raw) {
		t.Error(got)
	}
	here, there := codeNamed(object{"ImageUri": "111111111111.dkr.ecr.us-east-1.amazonaws.com/api@sha256:1"}), codeNamed(object{"ImageUri": "222222222222.dkr.ecr.us-west-2.amazonaws.com/api@sha256:1"})
	if here != there || here == codeNamed(object{"ImageUri": "222222222222.dkr.ecr.us-west-2.amazonaws.com/api@sha256:2"}) {
		t.Error(here, there)
	}
}

// Code that a change brings to the standby alone, because the primary runs it
// already, is the primary's code.
func TestCodeThatAnotherRegionRunsAlreadyIsTheSame(t *testing.T) {
	function := func(planned drift.Planned, digest, zip string) *drift.Snapshot {
		code := object{"Code": object{"ZipFile": zip}}
		return &drift.Snapshot{Resources: []drift.Resource{{Key: "app/Fn", Type: functionType, Planned: planned, Properties: object{"CodeSha256": digest}, Declared: code}}}
	}
	for _, test := range []struct {
		name, zip, want string
	}{
		{"the same code", "x", "live"},
		{"other code", "y", codeNamed(object{"ZipFile": "y"})},
	} {
		t.Run(test.name, func(t *testing.T) {
			standby := function(drift.PlannedUpdate, codeNamed(object{"ZipFile": test.zip}), test.zip)
			Settle([]*drift.Snapshot{function("", "live", "x"), standby})
			if got := standby.Resources[0].Properties["CodeSha256"]; got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// What a group runs was counted before the change: a change of what it launches
// leaves it unknown, any other leaves it as it was read.
func TestAChangeOfWhatIsLaunchedForgetsWhatRan(t *testing.T) {
	const before = `
Resources:
  T: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {InstanceType: m5.large, ImageId: ami-1}}}
  G: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 1, MaxSize: 9, DesiredCapacity: 2, LaunchTemplate: {LaunchTemplateId: !Ref T, Version: "1"}}}
  H: {Type: AWS::EC2::Instance, Properties: {InstanceType: t3.small, ImageId: ami-1}}
  N: {Type: AWS::EKS::Nodegroup, Properties: {InstanceTypes: [m6i.large], ScalingConfig: {DesiredSize: 2}, Labels: {a: b}}}
`
	for _, test := range []struct{ name, old, new, lost string }{
		{"an image", "InstanceType: m5.large, ImageId: ami-1", "InstanceType: m5.large, ImageId: ami-2", ""},
		{"the type of a launch template", "m5.large", "m5.xlarge", "app/G"},
		{"the version that a group uses", `Version: "1"`, `Version: "2"`, "app/G"},
		{"the maximum of a group", "MaxSize: 9", "MaxSize: 8", ""},
		{"the type and the disks of an instance", "InstanceType: t3.small", "BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {VolumeSize: 9}}], InstanceType: t3.large", "app/H"},
		{"how many nodes there are", "DesiredSize: 2", "DesiredSize: 9", "app/N"},
		{"a label of nodes", "a: b", "a: c", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			source := both(t, before, before, [2]map[string]Value{})[0]
			live := deployed(source)
			for _, key := range []string{"app/G", "app/H", "app/N"} {
				live.Facts = append(live.Facts, drift.Fact{Kind: drift.FactMachines, Subject: key, Value: object{}})
			}
			after := strings.Replace(before, test.old, test.new, 1)
			source.Stacks[0].Template = both(t, after, after, [2]map[string]Value{})[0].Stacks[0].Template
			have := Apply(live, source, nil)
			var lost []string
			for _, f := range live.Facts {
				if !slices.ContainsFunc(have.Facts, func(kept drift.Fact) bool { return kept.Kind == f.Kind && kept.Subject == f.Subject }) {
					lost = append(lost, f.Kind+" "+f.Subject)
				}
			}
			want := ""
			if test.lost != "" {
				want = drift.FactMachines + " " + test.lost
			}
			if strings.Join(lost, ",") != want {
				t.Errorf("lost %q, want %q", lost, want)
			}
		})
	}
}

// Who certainly takes another type runs that from then on. What a group ran leaves
// at its own time; an instance changes at once.
func TestAChangeOfTheTypeAloneSaysWhatStarts(t *testing.T) {
	const before = `
Resources:
  T: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {InstanceType: m5.large, ImageId: ami-1}}}
  G: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 1, MaxSize: 9, LaunchTemplate: {LaunchTemplateId: !Ref T, Version: !GetAtt T.LatestVersionNumber}}}
  H: {Type: AWS::EC2::Instance, Properties: {InstanceType: m5.large, ImageId: ami-1}}
`
	leaving := func(o object, kind string) object {
		o["Leaving"] = object{kind: 2.0}
		return o
	}
	counted := func(starts string, running string) object {
		return object{"Starts": []any{starts}, "Running": object{running: 2.0}, "Volumes": object{"ebs/L-7A658B76": 20.0}}
	}
	for _, test := range []struct {
		name, old, new, key string
		live                object
		want                any // nil: nobody knows
	}{
		{"of a launch template that a group takes the latest version of", "InstanceType: m5.large", "InstanceType: m7g.large", "app/G", counted("m5.large", "m5.large"), leaving(counted("m7g.large", "m7g.large"), "m5.large")},
		{"of an instance", "H: {Type: AWS::EC2::Instance, Properties: {InstanceType: m5.large", "H: {Type: AWS::EC2::Instance, Properties: {InstanceType: m7g.large", "app/H",
			counted("m5.large", "m5.large"), counted("m7g.large", "m7g.large")},
		{"of a group whose sizes are weights", "InstanceType: m5.large", "InstanceType: m7g.large", "app/G", object{"Weighted": true}, nil},
		{"to one that AWS tells", "InstanceType: m5.large", "InstanceType: !Ref AWS::NoValue, InstanceRequirements: {}", "app/G", counted("m5.large", "m5.large"), nil},
		{"and of the disks", "InstanceType: m5.large", "BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {VolumeSize: 9}}], InstanceType: m7g.large", "app/G", counted("m5.large", "m5.large"), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			source := both(t, before, before, [2]map[string]Value{})[0]
			live := deployed(source)
			live.Facts = []drift.Fact{{Kind: drift.FactMachines, Subject: test.key, Value: test.live}, {Kind: drift.FactCapacityScore, Subject: test.key, Value: object{"Score": "high"}}}
			after := strings.Replace(before, test.old, test.new, 1)
			source.Stacks[0].Template = both(t, after, after, [2]map[string]Value{})[0].Stacks[0].Template
			have := Apply(live, source, nil).Facts
			if test.want == nil {
				if len(have) != 0 {
					t.Errorf("%v, want nothing", have)
				}
				return
			}
			if len(have) != 1 || !reflect.DeepEqual(have[0].Value, test.want) {
				t.Errorf("%v, want %v and no score", have, test.want)
			}
			if !reflect.DeepEqual(live.Facts[0].Value, test.live) {
				t.Errorf("what was read is changed: %v", live.Facts[0].Value)
			}
		})
	}
}

// A group with four machines of one type, of which a change says how many there are
// to be.
func TestAChangeOfHowManyMachinesThereAreIsCounted(t *testing.T) {
	const before = `
Parameters:
  Size: {Type: String, Default: "4"}
Resources:
  G: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 2, MaxSize: "9", DesiredCapacity: !Ref Size, LaunchTemplate: {LaunchTemplateId: lt-1, Version: "1"}}}
`
	const policy = "\n  P: {Type: AWS::AutoScaling::ScalingPolicy, Properties: {AutoScalingGroupName: !Ref G}}\n"
	single := func() object {
		return object{"Running": object{"m5.large": 4.0}, "Starts": []any{"m5.large"}, "OnDemand": 1.0}
	}
	for _, test := range []struct {
		name, old, new string
		role           topology.Role
		machines       object
		live           any  // the wanted number of today
		want           any  // machines of the type afterwards; nil: not known
		group          bool // whether how many serve is known
	}{
		{"more", "DesiredCapacity: !Ref Size", "DesiredCapacity: 7", topology.Primary, single(), 4.0, 7.0, true},
		{"a minimum above what is wanted", "MinSize: 2", "MinSize: 5", topology.Standby, single(), 4.0, 5.0, true},
		{"a minimum below it", "MinSize: 2", "MinSize: 3", topology.Primary, single(), 4.0, 4.0, true},
		{"a maximum below it", `MaxSize: "9"`, `MaxSize: "3"`, topology.Standby, single(), 4.0, 3.0, true},
		{"none", "DesiredCapacity: !Ref Size", "DesiredCapacity: 0", topology.Standby, single(), 4.0, 2.0, true},
		{"a number that the template says and a policy has changed since", "MinSize: 2", "MinSize: 3", topology.Primary, single(), 6.0, nil, false},
		{"a number that is not known", "DesiredCapacity: !Ref Size", "DesiredCapacity: !GetAtt Other.Value", topology.Primary, single(), 4.0, nil, false},
		{"more of two types", "DesiredCapacity: !Ref Size", "DesiredCapacity: 7", topology.Primary,
			object{"Running": object{"m5.large": 4.0}, "Starts": []any{"m5.large", "m6i.large"}}, 4.0, nil, true},
		{"more, in units of weight", "DesiredCapacity: !Ref Size", "DesiredCapacity: 7", topology.Primary,
			object{"Running": object{"m5.large": 4.0}, "Starts": []any{"m5.large"}, "Weighted": true}, 4.0, nil, true},
		{"more of which some are Spot", "DesiredCapacity: !Ref Size", "DesiredCapacity: 7", topology.Primary,
			object{"Running": object{"m5.large": 4.0}, "Starts": []any{"m5.large"}, "OnDemand": 0.5}, 4.0, nil, true},
		{"more, of another type", `DesiredCapacity: !Ref Size, LaunchTemplate: {LaunchTemplateId: lt-1, Version: "1"}`,
			`DesiredCapacity: 7, LaunchTemplate: {LaunchTemplateId: lt-1, Version: "2"}`, topology.Primary, single(), 4.0, nil, true},
		{"fewer in a primary", "DesiredCapacity: !Ref Size", "DesiredCapacity: 3", topology.Primary, single(), 4.0, 3.0, true},
		{"fewer in a primary that scales", "DesiredCapacity: !Ref Size", "DesiredCapacity: 3" + policy, topology.Primary, single(), 4.0, 4.0, true},
		{"fewer in a standby that scales", "DesiredCapacity: !Ref Size", "DesiredCapacity: 3" + policy, topology.Standby, single(), 4.0, 3.0, true},
		{"fewer in an active Region that scales", "DesiredCapacity: !Ref Size", "DesiredCapacity: 3" + policy, topology.Active, single(), 4.0, nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, scales := strings.CutSuffix(test.new, policy)
			was, after := before, strings.Replace(before, test.old, text, 1)
			if scales {
				was, after = was+policy, after+policy
			}
			after += "  Other: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: \"1\"}}\n"
			source := both(t, was, was, [2]map[string]Value{})[0]
			source.Region.Role = test.role
			live := deployed(source)
			for i := range live.Resources {
				if live.Resources[i].Key == "app/G" {
					live.Resources[i].Properties["DesiredCapacity"] = test.live
				}
			}
			live.Facts = append(live.Facts, drift.Fact{Kind: drift.FactMachines, Subject: "app/G", Value: test.machines},
				drift.Fact{Kind: drift.FactGroupInstances, Subject: "app/G", Value: object{"Total": 4.0, "InService": 4.0, "HealthStatus": object{"Healthy": 4.0}}})
			source.Stacks[0].Template = both(t, after, after, [2]map[string]Value{})[0].Stacks[0].Template
			have := Apply(live, source, nil)
			machines, group := factOf(have, drift.FactMachines), factOf(have, drift.FactGroupInstances)
			if running, _ := machines["Running"].(object); (machines == nil) != (test.want == nil) || running["m5.large"] != test.want {
				t.Errorf("machines %v, want %v", machines, test.want)
			}
			if (group != nil) != test.group || group != nil && test.want != nil && group["InService"] != test.want {
				t.Errorf("group %v", group)
			}
		})
	}
}

func factOf(s *drift.Snapshot, kind string) object {
	for _, f := range s.Facts {
		if f.Kind == kind && f.Subject == "app/G" {
			return f.Value.(object)
		}
	}
	return nil
}

// A policy that is a resource of its own is also read with its queue. A change that
// removes or rewrites it must not leave it there, as if somebody had put it there by hand.
func TestWhatAResourceDeclaresOfAnotherGoesWithIt(t *testing.T) {
	const before = `
Resources:
  Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1}}
  P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [https://sqs/1/q], PolicyDocument: {Statement: [{Effect: Allow}]}}}
`
	policy := object{"Statement": []any{object{"Effect": "Allow"}}}
	for _, test := range []struct {
		name, old, new string
		stays          bool
	}{
		{"removed", "  P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [https://sqs/1/q], PolicyDocument: {Statement: [{Effect: Allow}]}}}\n", "", false},
		{"rewritten", "Effect: Allow", "Effect: Deny", false},
		{"left alone", "DelaySeconds: 1", "DelaySeconds: 2", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			source := both(t, before, before, [2]map[string]Value{})[0]
			live := deployed(source)
			at := slices.IndexFunc(live.Resources, func(r drift.Resource) bool { return r.Key == "app/Q" })
			live.Resources[at].ID, live.Resources[at].Properties = "https://sqs/1/q", object{"DelaySeconds": 1.0, "Policy": policy}
			after := strings.Replace(before, test.old, test.new, 1)
			source.Stacks[0].Template = both(t, after, after, [2]map[string]Value{})[0].Stacks[0].Template
			have := Apply(live, source, nil)
			at = slices.IndexFunc(have.Resources, func(r drift.Resource) bool { return r.Key == "app/Q" })
			if got := have.Resources[at].Properties["Policy"]; (got != nil) != test.stays {
				t.Errorf("the queue's policy is %v", got)
			}
			if live.Resources[slices.IndexFunc(live.Resources, func(r drift.Resource) bool { return r.Key == "app/Q" })].Properties["Policy"] == nil {
				t.Error("what was read was changed")
			}
		})
	}
}
