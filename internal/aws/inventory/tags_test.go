package inventory

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
	"github.com/aws/smithy-go"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/drift/metadata"
	"github.com/lockstep-dr/lockstep/internal/regionname"
)

// tagged answers as the tagging API would, one resource on a page.
type tagged struct {
	list    []types.ResourceTagMapping
	fail    error // of the second page
	filters []string
	beside  []Item // what the last search looks for beside what it found
}

func (g *tagged) GetResources(_ context.Context, in *resourcegroupstaggingapi.GetResourcesInput, _ ...func(*resourcegroupstaggingapi.Options)) (*resourcegroupstaggingapi.GetResourcesOutput, error) {
	at, _ := strconv.Atoi(aws.ToString(in.PaginationToken))
	if at == 1 && g.fail != nil {
		return nil, g.fail
	}
	for _, f := range in.TagFilters {
		g.filters = append(g.filters, aws.ToString(f.Key)+"="+strings.Join(f.Values, ","))
	}
	if aws.ToInt32(in.ResourcesPerPage) != perPage {
		return nil, errors.New("a page of another size")
	}
	out := &resourcegroupstaggingapi.GetResourcesOutput{PaginationToken: aws.String("")}
	if at < len(g.list) {
		out.ResourceTagMappingList = g.list[at : at+1]
	}
	if at+1 < len(g.list) {
		out.PaginationToken = aws.String(strconv.Itoa(at + 1))
	}
	return out, nil
}

func (g *tagged) add(arn string, tags ...string) *tagged {
	m := types.ResourceTagMapping{ResourceARN: &arn}
	for _, tag := range tags {
		key, value, _ := strings.Cut(tag, "=")
		m.Tags = append(m.Tags, types.Tag{Key: &key, Value: &value})
	}
	g.list = append(g.list, m)
	return g
}

func (g *tagged) find(t *testing.T, have Listing) More {
	t.Helper()
	l := TagLister{api: g, region: "us-west-2", account: "111111111111", words: regionname.Of("us-west-2", []string{"us-east-1"})}
	more, err := l.List(t.Context(), []map[string]string{{"app": "payments", "stage": "prod"}}, have)
	if err != nil {
		t.Fatal(err)
	}
	g.beside = nil
	more.Items = slices.DeleteFunc(more.Items, func(i Item) bool {
		if i.MayLack() {
			g.beside = append(g.beside, i)
		}
		return i.MayLack()
	})
	return more
}

const inWest = ":us-west-2:111111111111:"

func TestTaggedResources(t *testing.T) {
	cases := []struct {
		about, arn string
		tags       []string
		want       string // key type id; "gap REASON words"; "" for nothing
	}{
		{"a queue goes by its URL", "arn:aws:sqs" + inWest + "orders-us-west-2", nil, "tags/AWS::SQS::Queue/orders AWS::SQS::Queue https://sqs.us-west-2.amazonaws.com/111111111111/orders-us-west-2"},
		{"a queue that names the other Region is another", "arn:aws:sqs" + inWest + "to-us-east-1", nil, "tags/AWS::SQS::Queue/to-{peer} AWS::SQS::Queue https://sqs.us-west-2.amazonaws.com/111111111111/to-us-east-1"},
		{"nothing but the Region", "arn:aws:sqs" + inWest + "usw2", nil, "tags/AWS::SQS::Queue/{region} AWS::SQS::Queue https://sqs.us-west-2.amazonaws.com/111111111111/usw2"},
		{"the tag for pairing goes before all", "arn:aws:sqs" + inWest + "x", []string{"lockstep:key=a/b", "aws:cloudformation:stack-name=s", "aws:cloudformation:logical-id=L"}, "tags/a:b AWS::SQS::Queue https://sqs.us-west-2.amazonaws.com/111111111111/x"},
		{"stack and logical id go before the name", "arn:aws:sqs" + inWest + "x", []string{"aws:cloudformation:stack-name=shop-us-west-2", "aws:cloudformation:logical-id=Orders"}, "tags/shop/Orders AWS::SQS::Queue https://sqs.us-west-2.amazonaws.com/111111111111/x"},
		{"a nested stack without what CloudFormation put behind it", "arn:aws:sqs" + inWest + "x", []string{"aws:cloudformation:stack-name=shop-Net-1A2B3C4D5E6F7", "aws:cloudformation:logical-id=Orders"}, "tags/shop-Net/Orders AWS::SQS::Queue https://sqs.us-west-2.amazonaws.com/111111111111/x"},
		{"a bucket", "arn:aws:s3:::payments-usw2-data", nil, "tags/AWS::S3::Bucket/payments-data AWS::S3::Bucket payments-usw2-data"},
		{"a log group", "arn:aws:logs" + inWest + "log-group:/aws/lambda/x:*", nil, "tags/AWS::Logs::LogGroup/:aws:lambda:x AWS::Logs::LogGroup /aws/lambda/x"},
		{"a secret without what AWS put behind it", "arn:aws:secretsmanager" + inWest + "secret:prod/db-AbCdEf", nil, "tags/AWS::SecretsManager::Secret/prod:db AWS::SecretsManager::Secret arn:aws:secretsmanager" + inWest + "secret:prod/db-AbCdEf"},
		{"a parameter in a hierarchy", "arn:aws:ssm" + inWest + "parameter/prod/db", nil, "tags/AWS::SSM::Parameter/:prod:db AWS::SSM::Parameter /prod/db"},
		{"a parameter without one", "arn:aws:ssm" + inWest + "parameter/db", nil, "tags/AWS::SSM::Parameter/db AWS::SSM::Parameter db"},
		{"a rule of another bus", "arn:aws:events" + inWest + "rule/app/nightly", nil, "tags/AWS::Events::Rule/app:nightly AWS::Events::Rule app|nightly"},
		{"a rule of the default bus", "arn:aws:events" + inWest + "rule/nightly", nil, "tags/AWS::Events::Rule/nightly AWS::Events::Rule nightly"},
		{"a service of ECS", "arn:aws:ecs" + inWest + "service/app-usw2/web", nil, "tags/AWS::ECS::Service/app:web AWS::ECS::Service arn:aws:ecs" + inWest + "service/app-usw2/web"},
		{"a subnet by its tag Name", "arn:aws:ec2" + inWest + "subnet/subnet-1", []string{"Name=app-us-west-2-a"}, "tags/AWS::EC2::Subnet/app-a AWS::EC2::Subnet subnet-1"},
		{"a subnet without a name", "arn:aws:ec2" + inWest + "subnet/subnet-1", nil, "gap Unsupported no name by which it could be paired"},
		{"a WAF ACL by its three parts", "arn:aws:wafv2" + inWest + "regional/webacl/edge/1a2b", nil, "tags/AWS::WAFv2::WebACL/edge AWS::WAFv2::WebACL edge|1a2b|REGIONAL"},
		{"a service nobody knows", "arn:aws:gamelift" + inWest + "fleet/f-1", nil, "gap Unsupported does not know which CloudFormation type"},
		{"a shape nobody knows of a service that is known", "arn:aws:sqs" + inWest + "a/b", nil, "gap Unsupported does not know which CloudFormation type"},
		{"no ARN at all", "nonsense", nil, "gap Unsupported not an ARN"},
		{"a snapshot is left out", "arn:aws:rds" + inWest + "snapshot:x", nil, ""},
		{"a task is left out", "arn:aws:ecs" + inWest + "task/app/1", nil, ""},
		{"an instance of a group is left out", "arn:aws:ec2" + inWest + "instance/i-1", []string{"aws:autoscaling:groupName=g", "Name=web"}, ""},
		{"an instance of nobody is not", "arn:aws:ec2" + inWest + "instance/i-1", []string{"Name=web"}, "tags/AWS::EC2::Instance/web AWS::EC2::Instance i-1"},
	}
	for _, c := range cases {
		t.Run(c.about, func(t *testing.T) {
			more := (&tagged{}).add(c.arn, c.tags...).find(t, Listing{})
			have := ""
			for _, item := range more.Items {
				have = item.Key + " " + item.Type + " " + item.ID
			}
			for _, gap := range more.Gaps {
				have = "gap " + gap.Reason + " " + gap.Message
			}
			if words, isGap := strings.CutPrefix(c.want, "gap Unsupported "); isGap && strings.HasPrefix(have, "gap Unsupported ") && strings.Contains(have, words) {
				return
			}
			if have != c.want {
				t.Errorf("have %q\nwant %q", have, c.want)
			}
		})
	}
}

func TestAllPagesAndAllFiltersAreAskedFor(t *testing.T) {
	api := &tagged{}
	for i := range 5 {
		api.add("arn:aws:sqs" + inWest + "q" + strconv.Itoa(i))
	}
	if more := api.find(t, Listing{}); len(more.Items) != 5 {
		t.Errorf("%d items", len(more.Items))
	}
	if !slices.Contains(api.filters, "app=payments") || !slices.Contains(api.filters, "stage=prod") {
		t.Errorf("filters %v", api.filters)
	}
}

func TestAPageThatIsMissingIsAGapOverAllTags(t *testing.T) {
	api := (&tagged{fail: &smithy.OperationError{ServiceID: "Resource Groups Tagging API", OperationName: "GetResources", Err: &smithy.GenericAPIError{Code: "ThrottledException"}}}).
		add("arn:aws:sqs" + inWest + "a").add("arn:aws:sqs" + inWest + "b")
	more := api.find(t, Listing{})
	if len(more.Gaps) != 1 || more.Gaps[0].Resource != "tags" || more.Gaps[0].Operation != "tag:GetResources" || more.Gaps[0].Region != "us-west-2" {
		t.Errorf("gaps %+v", more.Gaps)
	}
}

func TestWhatIsListedAlreadyIsNotTakenTwice(t *testing.T) {
	const arn = "arn:aws:sqs" + inWest + "orders"
	byURL := Item{Key: "app/Queue", Type: "AWS::SQS::Queue", ID: "https://sqs.us-west-2.amazonaws.com/111111111111/orders"}
	byARN := Item{Key: "app/Topic", Type: "AWS::SNS::Topic", ID: "arn:aws:sns" + inWest + "orders"}
	policy := Item{Key: "terraform/aws_sns_topic_policy.x", Type: "AWS::SNS::TopicPolicy", ID: "arn:aws:sns" + inWest + "alerts"}
	for _, c := range []struct {
		about string
		have  Listing
		add   func(*tagged)
		items int
	}{
		{"the same id", Listing{Items: []Item{byURL}}, func(g *tagged) { g.add(arn) }, 0},
		{"the same ARN", Listing{Items: []Item{byARN}}, func(g *tagged) { g.add(byARN.ID) }, 0},
		{"another of the same type", Listing{Items: []Item{byURL}}, func(g *tagged) { g.add(arn + "-2") }, 1},
		{"the topic of a policy is not the policy", Listing{Items: []Item{policy}}, func(g *tagged) { g.add(policy.ID) }, 1},
		{"of a stack that is read", Listing{Stacks: []drift.Stack{{ID: "arn:stack"}}}, func(g *tagged) { g.add(arn, "aws:cloudformation:stack-id=arn:stack") }, 0},
		{"of no stack, where a stack of the configuration does not exist", Listing{Stacks: []drift.Stack{{Key: "app", Name: "app"}}}, func(g *tagged) { g.add(arn) }, 1},
		{"of a stack that nobody reads", Listing{Stacks: []drift.Stack{{ID: "arn:stack"}}}, func(g *tagged) { g.add(arn, "aws:cloudformation:stack-id=arn:other") }, 1},
	} {
		api := &tagged{}
		c.add(api)
		if more := api.find(t, c.have); len(more.Items) != c.items || len(more.Gaps) != 0 {
			t.Errorf("%s: items %+v, gaps %+v", c.about, more.Items, more.Gaps)
		}
	}
}

func TestPoliciesAreLookedForBesideWhatTheyProtect(t *testing.T) {
	api := (&tagged{}).add("arn:aws:sqs" + inWest + "orders").add("arn:aws:sns" + inWest + "events").add("arn:aws:s3:::data").add("arn:aws:lambda" + inWest + "function:f")
	api.find(t, Listing{})
	var have []string
	for _, i := range api.beside {
		have = append(have, i.Key+" "+i.Type)
	}
	want := []string{"tags/AWS::S3::Bucket/data.Policy AWS::S3::BucketPolicy", "tags/AWS::SNS::Topic/events.Policy AWS::SNS::TopicPolicy", "tags/AWS::SQS::Queue/orders.Policy AWS::SQS::QueuePolicy"}
	slices.Sort(have)
	if !slices.Equal(have, want) {
		t.Errorf("have %q", have)
	}
	api.find(t, Listing{Items: []Item{
		{Key: "app/P", Type: "AWS::SQS::QueuePolicy", Resolved: map[string]any{"Queues": []any{"https://sqs.us-west-2.amazonaws.com/111111111111/orders"}}},
		{Key: "app/B", Type: "AWS::S3::BucketPolicy", Resolved: map[string]any{"Bucket": "data"}},
	}})
	if len(api.beside) != 1 || api.beside[0].Type != "AWS::SNS::TopicPolicy" {
		t.Errorf("a policy that a stack lists is taken again: %+v", api.beside)
	}
}

func TestWhatTagsCannotLeadToIsAGap(t *testing.T) {
	more := (&tagged{}).add("arn:aws:apigateway:us-west-2::/restapis/a1/stages/prod", "Name=prod").find(t, Listing{})
	if len(more.Items) != 1 || more.Items[0].Resolved["RestApiId"] != "a1" || len(more.Gaps) != 1 || more.Gaps[0].Property != "DeploymentId" || more.Gaps[0].Resource != more.Items[0].Key {
		t.Errorf("%+v", more)
	}
}

func TestTwoOfOneKeyAreNotGuessed(t *testing.T) {
	more := (&tagged{}).add("arn:aws:sqs"+inWest+"orders-usw2").add("arn:aws:sqs"+inWest+"usw2-orders").find(t, Listing{})
	if len(more.Items) != 0 || len(more.Gaps) != 1 || more.Gaps[0].Reason != "Ambiguous" || more.Gaps[0].Resource != "tags/AWS::SQS::Queue/orders" || len(more.Facts) != 2 {
		t.Errorf("%+v", more)
	}
	if !strings.Contains(more.Gaps[0].Message, "lockstep:key") || !strings.Contains(more.Gaps[0].Message, "usw2-orders") {
		t.Errorf("message %q", more.Gaps[0].Message)
	}
}

func TestTheNewestRevisionOfATaskDefinitionCounts(t *testing.T) {
	const family = "arn:aws:ecs" + inWest + "task-definition/web:"
	more := (&tagged{}).add(family+"9").add(family+"10").add(family+"2").find(t, Listing{})
	if len(more.Items) != 1 || more.Items[0].ID != family+"10" || len(more.Gaps) != 0 {
		t.Errorf("%+v", more)
	}
}

func TestTableOfTaggedTypesIsSound(t *testing.T) {
	for _, shape := range taggable() {
		if shape.Ignored != "" {
			if shape.Type != "" {
				t.Errorf("%s %s is left out and has a type", shape.Service, shape.Resource)
			}
			continue
		}
		if _, known := metadata.Lookup(shape.Type); !known {
			t.Errorf("%s %s: the registry does not know %s", shape.Service, shape.Resource, shape.Type)
		}
		words := map[string]string{"arn": "A", "region": "R", "account": "C", "suffix": "S"}
		for _, part := range strings.Split(shape.Resource, "{")[1:] {
			name, _, _ := strings.Cut(part, "}")
			words[strings.TrimSuffix(name, "*")] = "w"
		}
		for _, pattern := range []string{shape.ID, shape.Name, shape.Resolved} {
			if filled := fill(pattern, words); strings.ContainsAny(filled, "{}") {
				t.Errorf("%s %s: %q asks for what the ARN does not say", shape.Service, shape.Resource, pattern)
			}
		}
	}
}

// A shape must find in an ARN the words that make it.
func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, resource string
		want              map[string]string
	}{
		{"function:{name}", "function:f", map[string]string{"name": "f"}},
		{"function:{name}", "function:f:1", nil},
		{"function:{name}", "function:", nil},
		{"function:{name}", "layer:f", nil},
		{"{name*}", "a/b:c", map[string]string{"name": "a/b:c"}},
		{"a/{x}/{y}", "a/1/2", map[string]string{"x": "1", "y": "2"}},
		{"a/{x}/{y}", "a/1", nil},
		{"a/{x}", "a/1/2", nil},
	} {
		if have := match(c.pattern, c.resource); len(have) != len(c.want) || have["name"] != c.want["name"] || have["x"] != c.want["x"] || (have == nil) != (c.want == nil) {
			t.Errorf("match(%q, %q) = %v, want %v", c.pattern, c.resource, have, c.want)
		}
	}
}

func FuzzTaggedARN(f *testing.F) {
	for _, shape := range taggable() {
		f.Add("arn:aws:" + shape.Service + inWest + strings.NewReplacer("{", "", "}", "", "*", "").Replace(shape.Resource))
	}
	f.Add("arn:aws:ecs" + inWest + "task-definition/:")
	f.Fuzz(func(t *testing.T, arn string) {
		l := TagLister{region: "us-west-2", account: "1", words: regionname.Of("us-west-2", nil)}
		item, gap, ok := l.item(arn, map[string]string{"Name": "n"})
		if ok && gap == nil && (item.Key == "" || item.Type == "" || item.ID == "" || strings.Count(item.Key, "/") != 2) {
			t.Errorf("%q became %+v", arn, item)
		}
	})
}
