package terraform

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift/metadata"
)

// beyondSchemas are types without a schema in the registry, which readers or nobody can read.
var beyondSchemas = []string{"AWS::ApiGatewayV2::Deployment", "AWS::ElasticLoadBalancing::LoadBalancer"}

func TestTableIsSound(t *testing.T) {
	name := regexp.MustCompile(`^aws_[a-z0-9_]+$`)
	attribute := regexp.MustCompile(`^\.?[a-z0-9_]+[/:]?(\?[a-z]+)?$`)
	braces := regexp.MustCompile(`\{([^}]*)\}`)
	last := map[string]Type{}
	for _, row := range Types() {
		if !name.MatchString(row.Terraform) {
			t.Errorf("%q is no type of Terraform", row.Terraform)
		}
		if _, known := metadata.Lookup(row.CloudFormation); !known && !slices.Contains(beyondSchemas, row.CloudFormation) {
			t.Errorf("%s: the registry does not know %s", row.Terraform, row.CloudFormation)
		}
		if (row.ID == "") == (row.By == "") {
			t.Errorf("%s: a row has either an id or an owner", row.Terraform)
		}
		for _, m := range braces.FindAllStringSubmatch(row.ID+row.By+row.Resolved, -1) {
			if !attribute.MatchString(m[1]) {
				t.Errorf("%s: %q is no attribute", row.Terraform, m[0])
			}
		}
		for pair := range strings.FieldsSeq(row.Names + " " + row.Resolved) {
			if left, right, ok := strings.Cut(pair, "="); !ok || left == "" || right == "" || left[0] < 'A' || left[0] > 'Z' {
				t.Errorf("%s: %q is no Name=attribute", row.Terraform, pair)
			}
		}
		if before, twice := last[row.Terraform]; twice && before.When == "" && !before.Each {
			t.Errorf("%s: the row after the one without a condition never counts", row.Terraform)
		}
		last[row.Terraform] = row
	}
	if len(last) < 60 {
		t.Errorf("%d types", len(last))
	}
}

// A part must name a property of its owner, or a reader would be asked for what it cannot have.
func TestPartsNameTheirOwners(t *testing.T) {
	owners := map[string]bool{}
	for _, row := range Types() {
		if row.By == "" {
			owners[row.CloudFormation] = true
		}
	}
	for _, row := range Types() {
		if row.By != "" && !owners[row.CloudFormation] {
			t.Errorf("%s is a part of %s, which no row makes", row.Terraform, row.CloudFormation)
		}
	}
}

func TestTranslations(t *testing.T) {
	cases := []struct {
		about, typ string
		attributes map[string]any
		want       []string
	}{
		{
			"a queue with a policy inside is two resources", "aws_sqs_queue",
			map[string]any{"url": "https://sqs/q", "policy": `{"Statement":[]}`},
			[]string{"aws_sqs_queue.x = AWS::SQS::Queue https://sqs/q", "aws_sqs_queue.x.policy = AWS::SQS::QueuePolicy https://sqs/q"},
		},
		{"a queue without a policy is one", "aws_sqs_queue", map[string]any{"url": "https://sqs/q", "policy": ""}, []string{"aws_sqs_queue.x = AWS::SQS::Queue https://sqs/q"}},
		{"a rule on the default bus goes by its name", "aws_cloudwatch_event_rule", map[string]any{"name": "r", "event_bus_name": "default"}, []string{"aws_cloudwatch_event_rule.x = AWS::Events::Rule r"}},
		{"a rule on another bus by both", "aws_cloudwatch_event_rule", map[string]any{"name": "r", "event_bus_name": "arn:aws:events:us-east-1:1:event-bus/app"}, []string{"aws_cloudwatch_event_rule.x = AWS::Events::Rule app|r"}},
		{"its target is a part of it", "aws_cloudwatch_event_target", map[string]any{"rule": "r", "event_bus_name": "app"}, []string{"aws_cloudwatch_event_target.x in AWS::Events::Rule app|r Targets"}},
		{"a security group's rule with an id", "aws_security_group_rule", map[string]any{"type": "egress", "security_group_rule_id": "sgr-1", "security_group_id": "sg-1"}, []string{"aws_security_group_rule.x = AWS::EC2::SecurityGroupEgress sgr-1"}},
		{"one that is several rules is a part of its group", "aws_security_group_rule", map[string]any{"type": "ingress", "security_group_rule_id": "", "security_group_id": "sg-1"}, []string{"aws_security_group_rule.x in AWS::EC2::SecurityGroup sg-1 SecurityGroupIngress"}},
		{
			"routes inside a table are resources; a range that differs per Region is no key", "aws_route_table",
			map[string]any{"id": "rtb-1", "route": []any{
				map[string]any{"cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1", "gateway_id": ""},
				map[string]any{"cidr_block": "10.1.0.0/16", "vpc_peering_connection_id": "pcx-1"},
			}},
			[]string{
				"aws_route_table.x = AWS::EC2::RouteTable rtb-1", "aws_route_table.x.route[nat] = AWS::EC2::Route rtb-1|0.0.0.0/0",
				"aws_route_table.x.route[peering] = AWS::EC2::Route rtb-1|10.1.0.0/16",
			},
		},
		{
			"the default rules of a network ACL are numbered", "aws_network_acl",
			map[string]any{"id": "acl-1", "ingress": []any{map[string]any{"rule_no": 100.0}}, "egress": []any{map[string]any{"rule_no": 100.0}}},
			[]string{
				"aws_network_acl.x = AWS::EC2::NetworkAcl acl-1", "aws_network_acl.x.egress[100] = AWS::EC2::NetworkAclEntry acl-1|100|true",
				"aws_network_acl.x.ingress[100] = AWS::EC2::NetworkAclEntry acl-1|100|false",
			},
		},
		{"a certificate that a listener has beside its own", "aws_lb_listener_certificate", map[string]any{"id": "arn:l_arn:c", "listener_arn": "arn:l"}, []string{"aws_lb_listener_certificate.x = AWS::ElasticLoadBalancingV2::ListenerCertificate arn:l_arn:c"}},
		{
			"a policy that is attached to several is a part of each", "aws_iam_policy_attachment",
			map[string]any{"policy_arn": "arn:p", "roles": []any{"app", "web"}, "users": []any{}, "groups": []any{"ops"}},
			[]string{
				"aws_iam_policy_attachment.x.groups[ops] in AWS::IAM::Group ops ManagedPolicyArns", "aws_iam_policy_attachment.x.roles[app] in AWS::IAM::Role app ManagedPolicyArns",
				"aws_iam_policy_attachment.x.roles[web] in AWS::IAM::Role web ManagedPolicyArns",
			},
		},
		{"a policy that is attached to nobody", "aws_iam_policy_attachment", map[string]any{"roles": []any{}}, []string{"aws_iam_policy_attachment.x ! the state does not say which resource it is a part of"}},
		{"the main table of a network", "aws_main_route_table_association", map[string]any{"id": "rtbassoc-1", "route_table_id": "rtb-1", "vpc_id": "vpc-1"}, []string{"aws_main_route_table_association.x in AWS::EC2::RouteTable rtb-1 Main"}},
		{"no id", "aws_vpc", map[string]any{"id": nil}, []string{"aws_vpc.x ! the state holds no id for it"}},
		{"a part of nobody", "aws_s3_bucket_versioning", nil, []string{"aws_s3_bucket_versioning.x ! the state does not say which resource it is a part of"}},
		{"a type nobody knows", "aws_new_thing", map[string]any{"id": "1"}, []string{"aws_new_thing.x ! Lockstep does not know which CloudFormation type aws_new_thing is"}},
		{"the Cloud Control provider", "awscc_sqs_queue", map[string]any{"id": "1"}, []string{"awscc_sqs_queue.x ! Lockstep does not know which CloudFormation type awscc_sqs_queue is"}},
		{"a replica goes by the table's name", "aws_dynamodb_table_replica", map[string]any{"arn": "arn:aws:dynamodb:us-east-1:1:table/t"}, []string{"aws_dynamodb_table_replica.x = AWS::DynamoDB::Table t"}},
	}
	for _, c := range cases {
		t.Run(c.about, func(t *testing.T) {
			state := &State{Resources: []Resource{{Type: c.typ, Name: "x", attributes: c.attributes}}}
			check(t, Regions([]Given{{state, []string{"us-east-1"}}}, twoRegions[:1]), map[string][]string{"us-east-1": c.want})
		})
	}
}

func TestSensitiveAttributesAreNotTaken(t *testing.T) {
	r := Resource{Type: "aws_ssm_parameter", Name: "x", attributes: map[string]any{"name": "canary-55aa", "arn": "arn:aws:ssm:us-east-1:1:parameter/x"}, sensitive: map[string]bool{"name": true}}
	o := Regions([]Given{{&State{Resources: []Resource{r}}, []string{"us-east-1"}}}, twoRegions)["us-east-1"][0]
	if o.Type != "" || o.ID != "" || len(o.Names) > 0 || !strings.Contains(o.Problem, "sensitive") {
		t.Errorf("object %+v", o)
	}
}

func TestASensitivePolicyInsideIsSaidToBeUnread(t *testing.T) {
	q := Resource{Type: "aws_sqs_queue", Name: "x", attributes: map[string]any{"url": "https://sqs.us-east-1.amazonaws.com/1/q", "policy": "{\"canary\":1}"}, sensitive: map[string]bool{"policy": true}}
	objects := Regions([]Given{{&State{Resources: []Resource{q}}, []string{"us-east-1"}}}, twoRegions)["us-east-1"]
	if len(objects) != 2 || objects[0].ID == "" || objects[1].Type != "" || !strings.Contains(objects[1].Problem, "sensitive") || objects[1].Address != "aws_sqs_queue.x.policy" {
		t.Errorf("objects %+v", objects)
	}
}

func TestAPolicyOfItsOwnGoesBeforeTheOneInside(t *testing.T) {
	q := Resource{Type: "aws_sqs_queue", Name: "x", attributes: map[string]any{"url": "https://sqs/q", "policy": "{}"}}
	p := Resource{Type: "aws_sqs_queue_policy", Name: "x", attributes: map[string]any{"queue_url": "https://sqs/q"}}
	objects := Regions([]Given{{&State{Resources: []Resource{q, p}}, []string{"us-east-1"}}}, twoRegions)["us-east-1"]
	if len(objects) != 2 || objects[1].Key != "aws_sqs_queue_policy.x" || objects[1].Resolved["Queues"].([]any)[0] != "https://sqs/q" {
		t.Errorf("objects %+v", objects)
	}
}
