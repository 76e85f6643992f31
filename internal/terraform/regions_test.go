package terraform

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

var twoRegions = []Place{{Region: "us-east-1", Roles: []string{"primary"}}, {Region: "us-west-2", Roles: []string{"standby", "secondary", "dr"}}}

func parsed(t testing.TB, file string) *State {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	state, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// One state of both Regions, as provider aliases and a module for each give it.
func TestSharedState(t *testing.T) {
	byRegion := Regions([]Given{{State: parsed(t, "shared.tfstate"), Regions: []string{"us-east-1", "us-west-2"}}}, twoRegions)
	check(t, byRegion, map[string][]string{
		"us-east-1": {
			"aws_dynamodb_table.ledger = AWS::DynamoDB::Table payments-ledger",
			"aws_gamelift_fleet.match ! Lockstep does not know which CloudFormation type aws_gamelift_fleet is",
			"aws_iam_role.app = AWS::IAM::Role payments-app",
			"aws_iam_role_policy_attachment.logs in AWS::IAM::Role payments-app ManagedPolicyArns",
			"aws_route_table_association.a[0] = AWS::EC2::SubnetRouteTableAssociation rtbassoc-0aaaaaaaaaaaaaaaa",
			"aws_sqs_queue.orders = AWS::SQS::Queue https://sqs.us-east-1.amazonaws.com/111111111111/payments-orders-use1",
		},
		"us-west-2": {
			"aws_dynamodb_table.ledger = AWS::DynamoDB::Table payments-ledger",
			"aws_route_table_association.a[0] = AWS::EC2::SubnetRouteTableAssociation rtbassoc-0bbbbbbbbbbbbbbbb",
			"aws_sqs_queue.orders = AWS::SQS::Queue https://sqs.us-west-2.amazonaws.com/111111111111/payments-orders-usw2",
		},
	})
	for _, o := range byRegion["us-east-1"] {
		if o.Key == "aws_sqs_queue.orders" && (o.Names["QueueName"] != "payments-orders-use1" || o.Names["Arn"] != "arn:aws:sqs:us-east-1:111111111111:payments-orders-use1") {
			t.Errorf("names %v", o.Names)
		}
	}
}

// queue is a resource of a state with nothing but an id.
func queue(module, name string, index any, region string) Resource {
	return Resource{Module: module, Type: "aws_sqs_queue", Name: name, Index: index, attributes: map[string]any{
		"url": "https://sqs." + region + ".amazonaws.com/1/" + name + fmt.Sprint(index), "arn": "arn:aws:sqs:" + region + ":1:" + name}}
}

func TestKeys(t *testing.T) {
	const east, west = "us-east-1", "us-west-2"
	cases := []struct {
		about      string
		east, west []Resource
		// pairs are the keys that both have, ambiguous those that nobody may guess,
		// alone those of one Region.
		pairs, ambiguous, alone []string
	}{
		{
			about: "one source applied twice: the addresses are the keys, whatever they say",
			east:  []Resource{queue("", "primary", nil, east), queue("", "secondary", nil, east), queue("", "to", "us-west-2", east), queue("", "to", "us-east-1", east)},
			west:  []Resource{queue("", "primary", nil, west), queue("", "secondary", nil, west), queue("", "to", "us-west-2", west), queue("", "to", "us-east-1", west)},
			pairs: []string{"aws_sqs_queue.primary", "aws_sqs_queue.secondary", `aws_sqs_queue.to["us-east-1"]`, `aws_sqs_queue.to["us-west-2"]`},
		},
		{
			about: "a module for each Region",
			east:  []Resource{queue("module.us_east_1", "q", nil, east)}, west: []Resource{queue("module.us_west_2", "q", nil, west)},
			pairs: []string{"aws_sqs_queue.q"},
		},
		{
			about: "a module over the Regions",
			east:  []Resource{queue(`module.region["us-east-1"].module.app`, "q", nil, east)}, west: []Resource{queue(`module.region["us-west-2"].module.app`, "q", nil, west)},
			pairs: []string{"module.region.module.app.aws_sqs_queue.q"},
		},
		{
			about: "a key with the Region in it and more",
			east:  []Resource{queue("", "q", "us-east-1/orders", east)}, west: []Resource{queue("", "q", "us-west-2/orders", west)},
			pairs: []string{`aws_sqs_queue.q["/orders"]`},
		},
		{
			about: "names with short forms of the Region",
			east:  []Resource{queue("", "orders_use1", nil, east)}, west: []Resource{queue("", "orders_usw2", nil, west)},
			pairs: []string{"aws_sqs_queue.orders"},
		},
		{
			about: "names of roles",
			east:  []Resource{queue("module.primary", "q", nil, east)}, west: []Resource{queue("module.dr", "q", nil, west)},
			pairs: []string{"aws_sqs_queue.q"},
		},
		{
			about: "the primary without a word, the standby with one",
			east:  []Resource{queue("", "q", nil, east)}, west: []Resource{queue("module.standby", "q", nil, west)},
			pairs: []string{"aws_sqs_queue.q"},
		},
		{
			about: "each names the other",
			east:  []Resource{queue("", "to_us_west_2", nil, east)}, west: []Resource{queue("", "to_us_east_1", nil, west)},
			pairs: []string{"aws_sqs_queue.to_{peer}"},
		},
		{
			about: "one that names itself is not the one that names the other",
			east:  []Resource{queue("", "to_us_east_1", nil, east)}, west: []Resource{queue("", "to_us_east_1", "x", west)},
			alone: []string{"aws_sqs_queue.to", `aws_sqs_queue.to_{peer}["x"]`},
		},
		{
			about: "an alias of the provider in the name",
			east:  []Resource{queue("", "q", nil, east)}, west: []Resource{aliased(queue("", "q_backup", nil, west), "backup")},
			pairs: []string{"aws_sqs_queue.q"},
		},
		{
			about: "nothing but the Region in the name",
			east:  []Resource{queue("", "us_east_1", nil, east)}, west: []Resource{queue("", "us_west_2", nil, west)},
			pairs: []string{"aws_sqs_queue"},
		},
		{
			about:     "two of one Region that come to the same are not guessed, nor is their sibling",
			east:      []Resource{queue("", "orders_use1", nil, east), queue("module.us_east_1", "orders", nil, east)},
			west:      []Resource{queue("", "orders_usw2", nil, west)},
			ambiguous: []string{"aws_sqs_queue.orders_use1", "module.us_east_1.aws_sqs_queue.orders", "aws_sqs_queue.orders_usw2"},
		},
		{
			about:     "a word less would make it another pair's: the pair stays, the other is not guessed",
			east:      []Resource{queue("", "orders", nil, east), queue("", "orders_use1", nil, east)},
			west:      []Resource{queue("", "orders", nil, west)},
			pairs:     []string{"aws_sqs_queue.orders"},
			ambiguous: []string{"aws_sqs_queue.orders_use1"},
		},
		{
			about: "a person's tag goes before everything",
			east:  []Resource{tagged(queue("", "orders", nil, east), "orders"), tagged(queue("", "b", nil, east), "b")},
			west:  []Resource{tagged(queue("", "bestellungen", nil, west), "orders"), tagged(queue("", "orders", nil, west), "b")},
			pairs: []string{"b", "orders"},
		},
		{
			about: "one that the standby lacks",
			east:  []Resource{queue("", "orders", nil, east)}, west: []Resource{queue("", "other", nil, west)},
			alone: []string{"aws_sqs_queue.orders", "aws_sqs_queue.other"},
		},
	}
	for _, c := range cases {
		t.Run(c.about, func(t *testing.T) {
			byRegion := Regions([]Given{{&State{Resources: c.east}, []string{east}}, {&State{Resources: c.west}, []string{west}}}, twoRegions)
			count, ambiguous := map[string]int{}, map[string]bool{}
			for _, region := range []string{east, west} {
				for _, o := range byRegion[region] {
					count[o.Key]++
					ambiguous[o.Key] = ambiguous[o.Key] || o.Ambiguous != ""
				}
			}
			for want, list := range map[int][]string{2: c.pairs, 1: append(c.alone, c.ambiguous...)} {
				for _, key := range list {
					if count[key] != want {
						t.Errorf("key %s is had by %d Regions, want %d; all: %v", key, count[key], want, count)
					}
					delete(count, key)
				}
			}
			if len(count) > 0 {
				t.Errorf("more keys: %v", count)
			}
			for _, key := range c.ambiguous {
				if !ambiguous[key] {
					t.Errorf("%s is not called ambiguous", key)
				}
				delete(ambiguous, key)
			}
			for key, is := range ambiguous {
				if is {
					t.Errorf("%s is called ambiguous", key)
				}
			}
		})
	}
}

func aliased(r Resource, alias string) Resource {
	r.Provider = Provider{Source: "hashicorp/aws", Config: "x." + alias, Alias: alias}
	return r
}

func tagged(r Resource, key string) Resource {
	r.attributes["tags_all"] = map[string]any{PairTag: key}
	return r
}

func TestWhere(t *testing.T) {
	r := func(typ string, attributes map[string]any) Resource {
		return Resource{Type: typ, Name: "x", attributes: attributes}
	}
	with := func(r Resource, module, config string) Resource {
		r.Module, r.Provider.Config = module, config
		return r
	}
	cases := []struct {
		about     string
		resources []Resource
		want      string // of the first
	}{
		{"an ARN", []Resource{r("aws_lb", map[string]any{"arn": "arn:aws:elasticloadbalancing:us-west-2:1:loadbalancer/x"})}, "us-west-2"},
		{"an ARN as the id", []Resource{r("aws_sns_topic_subscription", map[string]any{"id": "arn:aws:sns:us-west-2:1:t:8"})}, "us-west-2"},
		{"the attribute of version 6", []Resource{r("aws_route", map[string]any{"region": "us-west-2"})}, "us-west-2"},
		{"an attribute of that name that is no Region", []Resource{r("aws_route", map[string]any{"region": "EMEA"})}, ""},
		{"the attribute says nothing of what is global", []Resource{r("aws_iam_role", map[string]any{"region": "us-west-2", "arn": "arn:aws:iam::1:role/x"})}, ""},
		{"a queue's URL", []Resource{r("aws_sqs_queue_policy", map[string]any{"queue_url": "https://sqs.us-west-2.amazonaws.com/1/q"})}, "us-west-2"},
		{"a zone", []Resource{r("aws_ebs_volume", map[string]any{"availability_zone": "us-west-2b"})}, "us-west-2"},
		{"a local zone is no Region", []Resource{r("aws_ebs_volume", map[string]any{"availability_zone": "us-west-2-lax-1a"})}, ""},
		{
			"what its provider's other resources say",
			[]Resource{with(r("aws_route", nil), "", "p.w"), with(r("aws_lb", map[string]any{"arn": "arn:aws:x:us-west-2:1:y"}), "", "p.w")}, "us-west-2",
		},
		{
			"a provider of several Regions says nothing",
			[]Resource{with(r("aws_route", nil), "", "p"), with(r("aws_lb", map[string]any{"arn": "arn:aws:x:us-west-2:1:y"}), "", "p"), with(r("aws_lb", map[string]any{"arn": "arn:aws:x:us-east-1:1:y"}), "", "p")}, "",
		},
		{"a word of its module", []Resource{with(r("aws_route", nil), "module.usw2", "")}, "us-west-2"},
		{"a key of its module", []Resource{with(r("aws_route", nil), `module.r["us-west-2"]`, "")}, "us-west-2"},
		{"the role in its module", []Resource{with(r("aws_route", nil), "module.standby", "")}, "us-west-2"},
		{"both Regions in its address say nothing", []Resource{with(r("aws_route", nil), "module.usw2.module.use1", "")}, ""},
		{"nothing", []Resource{r("aws_route", nil)}, ""},
	}
	for _, c := range cases {
		t.Run(c.about, func(t *testing.T) {
			if have := where(c.resources, twoRegions)[0]; have != c.want {
				t.Errorf("Region %q, want %q", have, c.want)
			}
		})
	}
}

func TestWhatNobodyCanPlaceIsKept(t *testing.T) {
	lost := Resource{Type: "aws_route", Name: "x", attributes: map[string]any{"id": "r-1"}}
	role := Resource{Type: "aws_iam_role", Name: "x", attributes: map[string]any{"name": "x"}}
	far := queue("", "far", nil, "eu-west-1")
	state := &State{Resources: []Resource{lost, role, far}}
	both := Regions([]Given{{state, []string{"us-east-1", "us-west-2"}}}, twoRegions)
	if len(both[""]) != 2 || len(both["us-east-1"]) != 1 || both["us-east-1"][0].Type != "AWS::IAM::Role" || len(both["us-west-2"]) != 0 {
		t.Errorf("given for both Regions: %+v", both)
	}
	one := Regions([]Given{{state, []string{"us-west-2"}}}, twoRegions)
	if len(one[""]) != 1 || one[""][0].Region != "eu-west-1" || len(one["us-west-2"]) != 2 {
		t.Errorf("given for one Region: %+v", one)
	}
}

// check compares the objects of every Region with lines that describe them.
func check(t *testing.T, have map[string][]Object, want map[string][]string) {
	t.Helper()
	for region, objects := range have {
		var lines []string
		for _, o := range objects {
			lines = append(lines, describe(o))
		}
		if a, b := strings.Join(lines, "\n"), strings.Join(want[region], "\n"); a != b {
			t.Errorf("%s:\n%s\nwant:\n%s", region, a, b)
		}
	}
}

func describe(o Object) string {
	switch {
	case o.Problem != "":
		return o.Key + " ! " + o.Problem
	case o.Part != nil:
		return strings.TrimSpace(o.Key + " in " + o.Part.Type + " " + o.Part.Owner + " " + o.Part.Property)
	}
	return o.Key + " = " + o.Type + " " + o.ID
}
