package sns

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// currentPolicy is the policy that was set, else the one every topic starts with: its owner may do everything.
func currentPolicy(t store.Resource) string {
	if policy := wire.Text(t.Private["Policy"]); policy != "" {
		return policy
	}
	return shape.Document(map[string]any{
		"Version": "2008-10-17", "Id": "__default_policy_ID",
		"Statement": []any{map[string]any{
			"Sid": "__default_statement_ID", "Effect": "Allow", "Principal": map[string]any{"AWS": "*"},
			"Action": []any{"SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission",
				"SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish"},
			"Resource": t.ID, "Condition": map[string]any{"StringEquals": map[string]any{"AWS:SourceOwner": t.Account}},
		}},
	})
}

// applyPolicy writes the document of a TopicPolicy into its topics.
func applyPolicy(c *core.Change) error {
	now := wire.Object(c.Resource.Properties).Strings("Topics")
	for _, arn := range now {
		if _, ok := c.World.Store.Get(c.Resource.Scope, Type, arn); !ok {
			return notFound("Topic")
		}
	}
	if c.Before != nil {
		for _, arn := range wire.Object(c.Before.Properties).Strings("Topics") {
			if !slices.Contains(now, arn) {
				setPolicy(c.World, c.Resource.Scope, arn, "")
			}
		}
	}
	for _, arn := range now {
		setPolicy(c.World, c.Resource.Scope, arn, shape.Document(c.Resource.Properties["PolicyDocument"]))
	}
	return nil
}

func removePolicy(c *core.Change) error {
	for _, arn := range wire.Object(c.Resource.Properties).Strings("Topics") {
		setPolicy(c.World, c.Resource.Scope, arn, "")
	}
	return nil
}

func setPolicy(w *core.World, scope store.Scope, arn, document string) {
	_, _, _ = w.Store.Update(scope, Type, arn, func(r *store.Resource) error { // a topic that is gone has no policy to set
		r.Private["Policy"] = document
		return nil
	})
}

// follow makes the TopicPolicy resources of a topic show a document that was set through the topic.
func follow(w *core.World, scope store.Scope, arn, document string) {
	doc, ok := shape.ParseDocument(document)
	for _, p := range w.Store.List(scope, PolicyType) {
		if ok && slices.Contains(wire.Object(p.Properties).Strings("Topics"), arn) {
			p.Properties["PolicyDocument"] = doc
			w.Store.Replace(p)
		}
	}
}

func listTags(c *core.Call) (any, error) {
	r, ok := c.Get(Type, c.In.String("ResourceArn"))
	if !ok {
		return nil, wire.Errorf(404, "ResourceNotFound", "Resource does not exist")
	}
	return core.Out{"Tags": core.TagList(r.Tags)}, nil
}

func tag(c *core.Call) (any, error) {
	return changeTags(c, func(tags map[string]string) {
		for k, v := range core.Tags(c.In["Tags"]) {
			tags[k] = v
		}
	})
}

func untag(c *core.Call) (any, error) {
	return changeTags(c, func(tags map[string]string) {
		for _, k := range c.In.Strings("TagKeys") {
			delete(tags, k)
		}
	})
}

func changeTags(c *core.Call, change func(map[string]string)) (any, error) {
	_, found, err := c.World.Store.Update(c.Scope, Type, c.In.String("ResourceArn"), func(r *store.Resource) error {
		change(r.Tags)
		return nil
	})
	if !found {
		return nil, wire.Errorf(404, "ResourceNotFound", "Resource does not exist")
	}
	return core.Out{}, err
}
