package drift

import "testing"

// Within an autoscaler's bounds a live value says how much load there is.
func TestWhatAnAutoscalerSetsIsNoDriftWithinItsBounds(t *testing.T) {
	const service, table, group = "AWS::ECS::Service", "AWS::DynamoDB::Table", "AWS::AutoScaling::AutoScalingGroup"
	target := func(id, dimension string, low, high float64) Resource {
		return Resource{Key: "s/Target", Type: "AWS::ApplicationAutoScaling::ScalableTarget", ID: id,
			Properties: props{"ResourceId": id, "ScalableDimension": dimension, "MinCapacity": low, "MaxCapacity": high}}
	}
	app := func(p testPlace, desired float64, more ...Resource) *Snapshot {
		return region(p, append(more, Resource{Key: "s/Web", Type: service, ID: p.arn("ecs", "service/shop/web"), Properties: props{"DesiredCount": desired}})...)
	}
	data := func(p testPlace, units float64, more ...Resource) *Snapshot {
		return region(p, append(more, Resource{Key: "s/Orders", Type: table, ID: "orders",
			Properties: props{"TableName": "orders", "GlobalSecondaryIndexes": list(props{"IndexName": "by-day", "ProvisionedThroughput": props{"ReadCapacityUnits": units}})}})...)
	}
	fleet := func(p testPlace, desired float64, scaled bool) *Snapshot {
		s := region(p, Resource{Key: "s/Fleet", Type: group, ID: "fleet-" + p.salt, Properties: props{"MinSize": "2", "MaxSize": "20", "DesiredCapacity": desired}})
		if scaled {
			s.Resources = append(s.Resources, Resource{Key: "s/Policy", Type: "AWS::AutoScaling::ScalingPolicy", ID: "p", Properties: props{"AutoScalingGroupName": "fleet-" + p.salt}})
		}
		return s
	}
	const dimension, index = "ecs:service:DesiredCount", "dynamodb:index:ReadCapacityUnits"
	web := func(low, high float64) Resource { return target("service/shop/web", dimension, low, high) }
	o := options
	o.Objectives.Floor = 0.5
	for _, test := range []struct {
		name             string
		primary, standby *Snapshot
		findings         int
	}{
		{"a service that was scaled out in the primary", app(east, 20, web(2, 40)), app(west, 2, web(2, 40)), 0},
		{"a service below its own bounds", app(east, 20, web(2, 40)), app(west, 1, web(2, 40)), 1},
		{"a service that nobody scales in the standby", app(east, 20, web(2, 40)), app(west, 2), 2},
		{"a service that nobody scales", app(east, 20), app(west, 2), 1},
		{"bounds that are lower are a difference of their own", app(east, 20, web(4, 40)), app(west, 1, web(1, 40)), 1},
		{"the bounds of another service", app(east, 20, target("service/shop/api", dimension, 2, 40)), app(west, 2, target("service/shop/api", dimension, 2, 40)), 1},
		{"an index", data(east, 50, target("table/orders/index/by-day", index, 5, 100)), data(west, 5, target("table/orders/index/by-day", index, 5, 100)), 0},
		{"the bounds of another index", data(east, 50, target("table/orders/index/by-week", index, 5, 100)), data(west, 5, target("table/orders/index/by-week", index, 5, 100)), 1},
		{"a group with a policy", fleet(east, 12, true), fleet(west, 2, true), 0},
		{"a group outside of its bounds", fleet(east, 12, true), fleet(west, 1, true), 1},
		{"a group without a policy", fleet(east, 12, false), fleet(west, 2, false), 1},
	} {
		if c := Compare(test.primary, test.standby, o); len(c.Findings) != test.findings {
			t.Errorf("%s: want %d findings, have:%s", test.name, test.findings, show(c.Findings))
		}
	}
}

func TestATagThatAPolicyLooksAtIsNoLabel(t *testing.T) {
	app := func(p testPlace, team string, policies ...string) *Snapshot {
		s := region(p, Resource{Key: "s/Queue", Type: "AWS::SQS::Queue", ID: "q-" + p.salt, Properties: props{"Tags": list(props{"Key": "Team", "Value": team})}})
		for _, key := range policies {
			s.Resources = append(s.Resources, Resource{Key: "s/Policy", Type: "AWS::IAM::ManagedPolicy", ID: "p-" + p.salt, Properties: props{"PolicyDocument": props{"Version": "2012-10-17",
				"Statement": list(props{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": props{"StringEquals": props{key: "x"}}})}}})
		}
		return s
	}
	for key, want := range map[string]Severity{"aws:ResourceTag/team": Block, "aws:ResourceTag/cost": Info, "aws:SourceAccount": Info} {
		c := Compare(app(east, "shop", key), app(west, "ops", key), options)
		if len(c.Findings) != 1 || c.Findings[0].Severity != want {
			t.Errorf("%s: want %s, have:%s", key, want, show(c.Findings))
		}
	}
}
