package inventory

import (
	"maps"
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// companion is a resource that cannot have tags and that a tagged one may have:
// it is looked for beside that one, and its absence is no gap.
type companion struct {
	owner, typ string
	// property names the owner in the companion; list says that it is one of several.
	property string
	list     bool
}

// companions are those that decide who may use a resource.
var companions = []companion{
	{"AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket", false},
	{"AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics", true},
	{"AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues", true},
}

// besides are the items to look for beside a tagged one.
func besides(owner Item) []Item {
	var list []Item
	for _, c := range companions {
		if c.owner != owner.Type {
			continue
		}
		var value any = owner.ID
		if c.list {
			value = []any{owner.ID}
		}
		list = append(list, Item{Key: owner.Key + ".Policy", Type: c.typ, Resolved: map[string]any{c.property: value}, listedBy: byTags, mayLack: true})
	}
	return list
}

// unseen are properties of tagged resources that lead to what has no tags, and
// of which so nothing may be concluded.
var unseen = []struct{ Type, Property, Why string }{
	{"AWS::ApiGateway::Stage", "DeploymentId", "deployments, resources and methods of an API have no tags: what the stage serves is not known"},
	{"AWS::ApiGatewayV2::Stage", "DeploymentId", "deployments, routes and integrations of an API have no tags: what the stage serves is not known"},
}

func unseenOf(item Item, region string) []drift.Gap {
	var gaps []drift.Gap
	for _, u := range unseen {
		if u.Type == item.Type {
			gaps = append(gaps, drift.Gap{Region: region, Resource: item.Key, Type: item.Type, Property: u.Property, Operation: byTags,
				Reason: session.Unsupported, Message: u.Why})
		}
	}
	return gaps
}

// beside adds to what tags list what stands beside it, unless another source
// lists that.
func (m *More) beside(region string, have Listing) {
	attachedTo := map[string]bool{}
	for _, item := range have.Items {
		for _, c := range companions {
			if c.typ == item.Type {
				for _, owner := range ownersOf(item.Resolved[c.property]) {
					attachedTo[c.typ+" "+owner] = true
				}
			}
		}
	}
	for _, item := range slices.Clone(m.Items) {
		m.Gaps = append(m.Gaps, unseenOf(item, region)...)
		for _, next := range besides(item) {
			if !attachedTo[next.Type+" "+item.ID] {
				m.Items = append(m.Items, next)
			}
		}
	}
}

func ownersOf(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		owners := map[string]bool{}
		for _, e := range v {
			if s, ok := e.(string); ok {
				owners[s] = true
			}
		}
		return slices.Sorted(maps.Keys(owners))
	}
	return nil
}
