package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type secretsAPI interface {
	DescribeSecret(context.Context, *secretsmanager.DescribeSecretInput, ...func(*secretsmanager.Options)) (*secretsmanager.DescribeSecretOutput, error)
	GetResourcePolicy(context.Context, *secretsmanager.GetResourcePolicyInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetResourcePolicyOutput, error)
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
}

func secretsReader() reader {
	return reader{
		specs: []Spec{{
			Type:       "AWS::SecretsManager::Secret",
			Properties: []string{"Name", "Description", "KmsKeyId", "ReplicaRegions", "Type", "ResourcePolicy", "Tags"},
			Actions:    []string{"secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"},
			Identities: []string{"Id", "Name"},
			Facts:      []string{drift.FactSecretReplication, drift.FactSecretValue},
			Secret:     "the value, which is read only when asked for and kept as a keyed digest",
		}, {
			Type:       "AWS::SecretsManager::RotationSchedule",
			Properties: []string{"SecretId", "RotationLambdaARN", "RotationRules"},
			Actions:    []string{"secretsmanager:DescribeSecret"},
		}, {
			Type:       "AWS::SecretsManager::ResourcePolicy",
			Properties: []string{"SecretId", "ResourcePolicy"},
			Actions:    []string{"secretsmanager:GetResourcePolicy"},
		}},
		early: []string{allTypes},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			each(ctx, items, func(item inventory.Item) {
				switch item.Type {
				case "AWS::SecretsManager::RotationSchedule":
					r.rotationSchedule(ctx, item)
				case "AWS::SecretsManager::ResourcePolicy":
					r.secretPolicy(ctx, item)
				default:
					r.secret(ctx, item)
				}
			})
		},
	}
}

func (r *run) secret(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a secret ARN")
		return
	}
	out, err := r.clients.secrets.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	if out.DeletedDate != nil {
		r.gone(item) // it waits for its deletion and can be used by nobody
		return
	}
	o := newObject().take(out, "Name", "Description", "KmsKeyId", "Type").
		identity("Id", aws.ToString(out.ARN)).identity("Name", aws.ToString(out.Name)).
		tagList(out.Tags, "Key", "Value")
	regions, replicas := []map[string]any{}, []map[string]any{}
	for _, s := range out.ReplicationStatus {
		regions = append(regions, map[string]any{"Region": aws.ToString(s.Region), "KmsKeyId": s.KmsKeyId})
		replicas = append(replicas, map[string]any{
			"Region": aws.ToString(s.Region), "Status": string(s.Status), "StatusMessage": aws.ToString(s.StatusMessage),
		})
	}
	sortObjects(regions, "Region")
	sortObjects(replicas, "Region")
	if len(regions) > 0 {
		o.set("ReplicaRegions", regions)
	}
	r.fact(item, drift.FactSecretReplication, map[string]any{"PrimaryRegion": aws.ToString(out.PrimaryRegion), "Replicas": replicas})
	if r.SecretValues {
		r.secretValue(ctx, item)
	}
	// A policy is declared as a resource of its own, or was put there by hand.
	if policy, err := r.policyOfSecret(ctx, item.ID); err != nil {
		r.partial(item, "ResourcePolicy", err)
	} else {
		o.document("ResourcePolicy", aws.ToString(policy.ResourcePolicy))
	}
	r.found(item, o)
}

// secretValue keeps a keyed digest of the current value and nothing else.
func (r *run) secretValue(ctx context.Context, item inventory.Item) {
	out, err := r.clients.secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &item.ID})
	if err != nil {
		r.factGap(item, drift.FactSecretValue, err)
		return
	}
	value := aws.ToString(out.SecretString)
	if out.SecretString == nil {
		value = string(out.SecretBinary)
	}
	r.fact(item, drift.FactSecretValue, r.hider().Value(value))
}

// secretOf is the secret that something belongs to, as its template says it.
func secretOf(item inventory.Item) (string, bool) {
	id := text(item.Resolved, "SecretId")
	if (id == "" || unresolved(id)) && strings.HasPrefix(item.ID, "arn:") {
		id = item.ID
	}
	return id, id != "" && !unresolved(id)
}

func (r *run) rotationSchedule(ctx context.Context, item inventory.Item) {
	id, ok := secretOf(item)
	if !ok {
		r.unaddressable(item, "the secret it rotates")
		return
	}
	out, err := r.clients.secrets.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &id})
	if err != nil {
		r.failed(item, err)
		return
	}
	if !aws.ToBool(out.RotationEnabled) {
		r.gone(item)
		return
	}
	o := newObject().set("SecretId", id).take(out, "RotationLambdaARN")
	if rules := out.RotationRules; rules != nil && rules.ScheduleExpression != nil { // days follow from it
		o.set("RotationRules", map[string]any{"ScheduleExpression": rules.ScheduleExpression, "Duration": rules.Duration})
	} else {
		o.set("RotationRules", rules)
	}
	r.found(item, o)
}

func (r *run) secretPolicy(ctx context.Context, item inventory.Item) {
	id, ok := secretOf(item)
	if !ok {
		r.unaddressable(item, "the secret it is for")
		return
	}
	out, err := r.policyOfSecret(ctx, id)
	if err != nil {
		r.failed(item, err)
		return
	}
	if aws.ToString(out.ResourcePolicy) == "" {
		r.gone(item)
		return
	}
	r.found(item, newObject().set("SecretId", id).document("ResourcePolicy", aws.ToString(out.ResourcePolicy)))
}

// policyOfSecret asks for a secret's policy, once in a run.
func (r *run) policyOfSecret(ctx context.Context, id string) (*secretsmanager.GetResourcePolicyOutput, error) {
	return r.secretPolicies.once(id, func() (*secretsmanager.GetResourcePolicyOutput, error) {
		return r.clients.secrets.GetResourcePolicy(ctx, &secretsmanager.GetResourcePolicyInput{SecretId: &id})
	})
}
