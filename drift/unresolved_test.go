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
