package drift

import (
	"strings"
	"testing"
)

// What a resource has of another one that was not read in either Region cannot
// be told: it is a gap, and no finding.
func TestAReferenceToWhatNeitherRegionReadIsAGap(t *testing.T) {
	one := func(p testPlace, parent string) *Snapshot {
		s := lonely(p, "AWS::ApiGateway::Resource", props{"PathPart": "payments", "ParentId": parent})
		s.Resources[0].Declared = props{"PathPart": "payments", "ParentId": "${Api.RootResourceId}"}
		s.Gaps = []Gap{{Region: s.Region.Name, Resource: stackOf(s.Resources[0].Key) + "/Api", Type: "AWS::ApiGateway::RestApi", Operation: "apigateway:GET", Reason: "AccessDenied"}}
		return s
	}
	c := Compare(one(east, "a9p7rj6ame"), one(west, "gmjoa28i2p"), options)
	if len(c.Findings) != 0 {
		t.Errorf("findings:%s", show(c.Findings))
	}
	unresolved := 0
	for _, gap := range c.Gaps {
		if gap.Reason == "Unresolved" && strings.Contains(gap.Message, "ParentId refers to") {
			unresolved++
		}
	}
	if unresolved != 1 {
		t.Errorf("gaps %+v, want one that says what is not resolved", c.Gaps)
	}
	// What no reference explains is a finding still.
	if c := Compare(one(east, "a9p7rj6ame"), one(west, "by hand"), options); len(c.Findings) != 1 {
		t.Errorf("findings:%s", show(c.Findings))
	}
}

// A key is known by its id alone. Where the stack that has it was not read, a value
// that names some key is a gap; another kind of value there is a finding.
func TestAReferenceToAKeyOfAStackThatWasNotReadIsAGap(t *testing.T) {
	snapshot := func(p testPlace, resource string) *Snapshot {
		s := lonely(p, "AWS::SNS::Topic", props{"KmsMasterKeyId": resource})
		s.Resources[0].Key = "payments/Topic"
		return s
	}
	arn := func(p testPlace, id string) string { return "arn:aws:kms:" + p.region + ":" + p.account + ":key/" + id }
	const hers, his = "43f42f96-24b3-45c5-b223-e1f971d7b2ad", "15dc2de3-a396-4cd8-95ff-a67f0fd5f5e9"
	for name, test := range map[string]struct {
		standby  string
		findings int
	}{"its own key": {arn(west, his), 0}, "another kind of thing": {"alias/aws/sns", 1}, "a key of the primary's Region": {arn(east, his), 1}} {
		primary, standby := snapshot(east, arn(east, hers)), snapshot(west, test.standby)
		primary.Resources = append(primary.Resources, Resource{Key: "data/Key", Type: "AWS::KMS::Key", ID: hers, Identities: map[string]string{"Arn": arn(east, hers)}, Properties: props{"Enabled": true}})
		standby.Gaps = []Gap{{Region: standby.Region.Name, Resource: "data", Type: "AWS::CloudFormation::Stack", Operation: "cloudformation:ListStackResources", Reason: "Throttled"}}
		if c := Compare(primary, standby, options); len(c.Findings) != test.findings {
			t.Errorf("%s: findings:%s", name, show(c.Findings))
		}
	}
}

// A role that the standby's stack has too is no role shared by both Regions,
// whether it could be read there or not.
func TestARoleThatWasNotReadIsNotSharedWithThePrimary(t *testing.T) {
	function := func(s *Snapshot) Resource {
		return Resource{Key: "payments/Fn", Type: "AWS::Lambda::Function", ID: "payments-Fn-" + s.Region.Name,
			Properties: props{"CodeSha256": "aa", "Role": "arn:aws:iam::111111111111:role/payments-Role-" + s.Region.Name}}
	}
	snapshot := func(p testPlace) *Snapshot {
		s := lonely(p, "AWS::IAM::Role", props{"Policies": []any{props{"PolicyName": "p", "PolicyDocument": props{"Statement": []any{
			props{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:" + p.region + ":111111111111:q"}}}}}})
		r := &s.Resources[0]
		r.Key, r.ID = "payments/Role", "payments-Role-"+s.Region.Name
		r.Identities = map[string]string{"Arn": "arn:aws:iam::111111111111:role/payments-Role-" + s.Region.Name}
		s.Resources = append(s.Resources, function(s))
		return s
	}
	primary, standby := snapshot(east), snapshot(west)
	role := standby.Resources[0]
	standby.Resources = standby.Resources[1:]
	standby.Gaps = []Gap{{Region: standby.Region.Name, Resource: role.Key, Type: role.Type, Operation: "iam:GetRole", Reason: "AccessDenied"}}
	standby.Facts = []Fact{{Kind: FactUnread, Subject: role.Key, Value: props{
		"Type": role.Type, "PhysicalId": role.ID, "Identities": props{"Arn": role.Identities["Arn"]}}}}
	c := Compare(primary, standby, options)
	if len(c.Findings) != 0 || c.Coverage.NotCompared != 1 {
		t.Errorf("coverage %+v, findings:%s", c.Coverage, show(c.Findings))
	}
}

// What the standby's stack has and could not be read is its own, even where nothing
// says what it is called, and one of the primary's is called like something else here.
func TestAPolicyThatWasNotReadIsNotSharedByItsName(t *testing.T) {
	side := func(p testPlace) *Snapshot {
		s := region(p, Resource{Key: "s/Bus", Type: "AWS::Events::EventBus", ID: "orders-" + p.region, Properties: props{"Name": "orders-" + p.region}},
			Resource{Key: "s/Fn", Type: "AWS::Lambda::Function", ID: "fn-" + p.salt, Properties: props{"CodeSha256": "aa", "Environment": props{"Variables": props{"BUS": "orders-us-east-1"}}}})
		if p == east {
			s.Resources = append(s.Resources, Resource{Key: "s/Rules", Type: "AWS::IAM::Policy", ID: "orders-us-east-1", Properties: props{"PolicyName": "orders-us-east-1", "Roles": list("r"), "PolicyDocument": props{"Statement": list(props{
				"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:111111111111:q"})}}})
			return s
		}
		s.Gaps = []Gap{{Region: p.region, Resource: "s/Rules", Type: "AWS::IAM::Policy", Operation: "iam:GetRolePolicy", Reason: "AccessDenied"}}
		return s
	}
	found := Compare(side(east), side(oneAccount()), options).Findings
	if len(found) != 1 || found[0].Resource != "s/Fn" {
		t.Errorf("a function of the standby names the primary's bus:%s", show(found))
	}
}

// The default security group of a network is an id that no reader gives: whether it is
// the network's own in each Region is a gap, and no finding. What is no such id is one.
func TestAnAttributeThatNoReaderGivesIsAGap(t *testing.T) {
	side := func(p testPlace, group string) *Snapshot {
		return region(p, Resource{Key: "s/Net", Type: "AWS::EC2::VPC", ID: "vpc-0000000" + p.account[:2], Properties: props{}, Declared: props{}},
			Resource{Key: "s/Rule", Type: "AWS::EC2::SecurityGroupIngress", ID: "sgr-" + p.salt, Properties: props{"IpProtocol": "-1", "SourceSecurityGroupId": group},
				Declared: props{"IpProtocol": "-1", "SourceSecurityGroupId": "${Net.DefaultSecurityGroup}"}})
	}
	for _, test := range []struct {
		group       string
		found, gaps int
	}{{"sg-0000000bb", 0, 1}, {"byhand", 1, 0}} {
		c := Compare(side(east, "sg-0000000aa"), side(west, test.group), options)
		gaps := 0
		for _, g := range c.Gaps {
			if g.Reason == "Unresolved" {
				gaps++
			}
		}
		if len(c.Findings) != test.found || gaps != test.gaps {
			t.Errorf("%s: %d gaps, findings%s", test.group, gaps, show(c.Findings))
		}
	}
}
