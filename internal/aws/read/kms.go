package read

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type kmsAPI interface {
	DescribeKey(context.Context, *kms.DescribeKeyInput, ...func(*kms.Options)) (*kms.DescribeKeyOutput, error)
	GetKeyPolicy(context.Context, *kms.GetKeyPolicyInput, ...func(*kms.Options)) (*kms.GetKeyPolicyOutput, error)
	GetKeyRotationStatus(context.Context, *kms.GetKeyRotationStatusInput, ...func(*kms.Options)) (*kms.GetKeyRotationStatusOutput, error)
	ListAliases(context.Context, *kms.ListAliasesInput, ...func(*kms.Options)) (*kms.ListAliasesOutput, error)
	ListResourceTags(context.Context, *kms.ListResourceTagsInput, ...func(*kms.Options)) (*kms.ListResourceTagsOutput, error)
}

func kmsReader() reader {
	key := Spec{
		Type: "AWS::KMS::Key",
		Properties: []string{"Description", "Enabled", "EnableKeyRotation", "RotationPeriodInDays", "KeyPolicy", "KeySpec", "KeyUsage",
			"MultiRegion", "Origin", "Tags"},
		Actions:    []string{"kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"},
		Identities: []string{"Arn", "KeyId"},
		Facts:      []string{drift.FactKeyState},
	}
	replica := key
	replica.Type = "AWS::KMS::ReplicaKey"
	replica.Properties = append([]string{"PrimaryKeyArn"}, key.Properties...)
	return reader{
		specs: []Spec{key, replica, {
			Type:       "AWS::KMS::Alias",
			Properties: []string{"AliasName", "TargetKeyId"},
			Actions:    []string{"kms:DescribeKey"},
			Identities: []string{"AliasName"},
		}},
		early: []string{allTypes},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			each(ctx, items, func(item inventory.Item) {
				if item.Type == "AWS::KMS::Alias" {
					r.keyAlias(ctx, item)
					return
				}
				r.key(ctx, item)
			})
		},
	}
}

func (r *run) key(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a key id")
		return
	}
	out, err := r.clients.kms.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	k := out.KeyMetadata
	if k == nil {
		r.empty(item, "kms:DescribeKey", "key")
		return
	}
	o := newObject().take(k, "Description", "Enabled").identity("Arn", aws.ToString(k.Arn)).identity("KeyId", aws.ToString(k.KeyId))
	if item.Type == "AWS::KMS::ReplicaKey" {
		if m := k.MultiRegionConfiguration; m != nil && m.PrimaryKey != nil {
			o.set("PrimaryKeyArn", m.PrimaryKey.Arn)
		}
	}
	o.take(k, "KeySpec", "KeyUsage", "MultiRegion", "Origin")
	r.keyRotation(ctx, item, o, k)
	r.fact(item, drift.FactKeyState, map[string]any{"KeyState": k.KeyState, "Enabled": k.Enabled, "DeletionDate": timeOrNil(k.DeletionDate)})
	policy, err := r.clients.kms.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: &item.ID, PolicyName: aws.String("default")})
	if err != nil {
		r.partial(item, "KeyPolicy", err)
	} else {
		o.document("KeyPolicy", aws.ToString(policy.Policy))
	}
	tags, err := r.clients.kms.ListResourceTags(ctx, &kms.ListResourceTagsInput{KeyId: &item.ID})
	if err != nil {
		r.partial(item, "Tags", err)
	} else {
		o.tagList(tags.Tags, "TagKey", "TagValue")
	}
	r.found(item, o)
}

// keyRotation asks only keys that can rotate: the others answer with an error.
func (r *run) keyRotation(ctx context.Context, item inventory.Item, o *object, k *types.KeyMetadata) {
	if !rotates(k) {
		return
	}
	out, err := r.clients.kms.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: &item.ID})
	if err != nil {
		r.partial(item, "EnableKeyRotation", err)
		r.partial(item, "RotationPeriodInDays", err)
		return
	}
	o.set("EnableKeyRotation", out.KeyRotationEnabled)
	if out.KeyRotationEnabled && out.RotationPeriodInDays != nil {
		o.set("RotationPeriodInDays", out.RotationPeriodInDays)
	}
}

// rotates reports whether AWS can make new material for a key.
func rotates(k *types.KeyMetadata) bool {
	return (k.KeySpec == types.KeySpecSymmetricDefault || k.KeySpec == "") && k.Origin != types.OriginTypeExternal &&
		k.Origin != types.OriginTypeAwsCloudhsm && k.Origin != types.OriginTypeExternalKeyStore && k.KeyState != types.KeyStatePendingDeletion
}

// keyAlias asks for the key behind the alias: one call, where listing would
// read every alias of the account.
func (r *run) keyAlias(ctx context.Context, item inventory.Item) {
	if !strings.HasPrefix(item.ID, "alias/") {
		r.unaddressable(item, "an alias name")
		return
	}
	out, err := r.clients.kms.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().set("AliasName", item.ID).identity("AliasName", item.ID)
	if out.KeyMetadata != nil {
		o.set("TargetKeyId", out.KeyMetadata.KeyId)
	}
	r.found(item, o)
}

func timeOrNil(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}
