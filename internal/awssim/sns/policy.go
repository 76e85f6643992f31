package sns

import (
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

// tagged finds the topic of a tag operation.
func tagged(c *core.Call) (store.Resource, error) {
	r, ok := c.Get(Type, c.In.String("ResourceArn"))
	if !ok {
		return r, wire.Errorf(404, "ResourceNotFound", "Resource does not exist")
	}
	return r, nil
}
