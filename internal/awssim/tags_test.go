package awssim

import (
	"cmp"
	"maps"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/cfn"
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/sts"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// tagCase is how one service speaks about tags; what is empty is what most of them say.
type tagCase struct {
	service           string
	list, add, remove string // operations: ListTagsForResource, TagResource, UntagResource
	member            string // names the resource
	tags, keys        string // members of changes: Tags, TagKeys
	shown             string // member of the listing, as tags
	key, value        string // of one tag: Key, Value
	asMap             bool
	none              string // a resource that does not exist
	missing           string // the code for it: ResourceNotFoundException
	typ               string // what is tagged
	properties        map[string]any
	id                string // attribute that the API calls it by; empty: its identifier
	more              wire.Object
}

func tagCases() []tagCase {
	trust := map[string]any{"Version": "2012-10-17", "Statement": []any{}}
	return []tagCase{
		{service: "monitoring", member: "ResourceARN", none: "arn:aws:cloudwatch:us-east-1:111111111111:alarm:none", typ: "AWS::CloudWatch::Alarm", id: "Arn",
			properties: map[string]any{"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 1, "MetricName": "m", "Statistic": "Sum"}},
		{service: "events", member: "ResourceARN", none: "arn:aws:events:us-east-1:111111111111:rule/none", typ: "AWS::Events::EventBus", id: "Arn",
			properties: map[string]any{"Name": "bus"}},
		{service: "ecs", member: "resourceArn", tags: "tags", keys: "tagKeys", key: "key", value: "value", none: "arn:aws:ecs:us-east-1:111111111111:cluster/none",
			missing: "InvalidParameterException", typ: "AWS::ECS::Cluster", id: "Arn"},
		{service: "logs", member: "resourceArn", tags: "tags", keys: "tagKeys", asMap: true, none: "arn:aws:logs:us-east-1:111111111111:log-group:none",
			typ: "AWS::Logs::LogGroup", id: "Arn"},
		{service: "sns", member: "ResourceArn", none: "arn:aws:sns:us-east-1:111111111111:none", missing: "ResourceNotFound", typ: "AWS::SNS::Topic"},
		{service: "dynamodb", list: "ListTagsOfResource", member: "ResourceArn", none: "arn:aws:dynamodb:us-east-1:111111111111:table/none", typ: "AWS::DynamoDB::Table", id: "Arn",
			properties: map[string]any{"BillingMode": "PAY_PER_REQUEST", "KeySchema": []any{map[string]any{"AttributeName": "id", "KeyType": "HASH"}},
				"AttributeDefinitions": []any{map[string]any{"AttributeName": "id", "AttributeType": "S"}}}},
		{service: "lambda", list: "ListTags", member: "Resource", keys: "tagKeys", asMap: true, none: "arn:aws:lambda:us-east-1:111111111111:function:none", typ: "AWS::Lambda::Function", id: "Arn",
			properties: map[string]any{"Role": "arn:aws:iam::111111111111:role/r", "Code": map[string]any{"ZipFile": "x"}, "Handler": "index.handler", "Runtime": "python3.13"}},
		{service: "sqs", list: "ListQueueTags", add: "TagQueue", remove: "UntagQueue", member: "QueueUrl", asMap: true, none: "https://sqs.us-east-1.amazonaws.com/111111111111/none",
			missing: "QueueDoesNotExist", typ: "AWS::SQS::Queue"},
		{service: "kms", list: "ListResourceTags", member: "KeyId", key: "TagKey", value: "TagValue", none: "none", missing: "NotFoundException", typ: "AWS::KMS::Key"},
		{service: "secretsmanager", list: "DescribeSecret", member: "SecretId", none: "none", typ: "AWS::SecretsManager::Secret", properties: map[string]any{"SecretString": "s"}},
		{service: "iam", list: "ListRoleTags", add: "TagRole", remove: "UntagRole", member: "RoleName", none: "none", missing: "NoSuchEntity", typ: "AWS::IAM::Role",
			properties: map[string]any{"AssumeRolePolicyDocument": trust}},
		{service: "ssm", add: "AddTagsToResource", remove: "RemoveTagsFromResource", member: "ResourceId", shown: "TagList", none: "none", missing: "InvalidResourceId",
			typ: "AWS::SSM::Parameter", properties: map[string]any{"Name": "p", "Value": "v"}, more: wire.Object{"ResourceType": "Parameter"}},
	}
}

func TestTagsAreAddedListedAndRemovedInEveryServiceInItsOwnWay(t *testing.T) {
	for _, g := range tagCases() {
		t.Run(g.service, func(t *testing.T) {
			b := coretest.New(t, services(sts.NewSessions(nil), cfn.NewEngine(nil))...)
			r := b.Made(coretest.East, "Tagged", g.typ, g.properties)
			g.check(b, r)
		})
	}
}

func (g tagCase) check(b *coretest.Bench, r store.Resource) {
	list, add, remove := g.service+"."+cmp.Or(g.list, "ListTagsForResource"), g.service+"."+cmp.Or(g.add, "TagResource"), g.service+"."+cmp.Or(g.remove, "UntagResource")
	tags, keys := cmp.Or(g.tags, "Tags"), cmp.Or(g.keys, "TagKeys")
	id := cmp.Or(wire.Text(r.Attributes[g.id]), r.ID)
	about := func(id, member string, v any) wire.Object {
		in := wire.Object{g.member: id}
		maps.Copy(in, g.more)
		in[member] = v
		return in
	}
	var given any = map[string]any{"a": "1", "b": "2"}
	if !g.asMap {
		key, value := cmp.Or(g.key, "Key"), cmp.Or(g.value, "Value")
		given = []any{map[string]any{key: "a", value: "1"}, map[string]any{key: "b", value: "2"}}
	}
	call := func(operation string, in wire.Object) wire.Object {
		out, err := b.Try(coretest.East, operation, in, nil)
		if err != nil {
			b.Fatalf("%s: %v", operation, err)
		}
		return wire.AsObject(out)
	}
	listed := func(want map[string]string) {
		answer := call(list, about(id, g.member, id))
		if got := core.Tags(answer[cmp.Or(g.shown, tags)]); !maps.Equal(got, want) {
			b.Errorf("%s answers %v, want the tags %v", list, answer, want)
		}
	}
	listed(map[string]string{})
	call(add, about(id, tags, given))
	listed(map[string]string{"a": "1", "b": "2"})
	call(remove, about(id, keys, []any{"a", "unknown"}))
	listed(map[string]string{"b": "2"})
	if got := b.Live(r).Tags; !maps.Equal(got, map[string]string{"b": "2"}) {
		b.Errorf("CloudFormation sees %v", got)
	}
	missing := cmp.Or(g.missing, "ResourceNotFoundException")
	b.Refused(missing, coretest.East, list, about(g.none, g.member, g.none))
	b.Refused(missing, coretest.East, add, about(g.none, tags, given))
	b.Refused(missing, coretest.East, remove, about(g.none, keys, []any{"a"}))
}
