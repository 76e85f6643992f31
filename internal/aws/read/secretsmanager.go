package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type secretsAPI interface {
	DescribeSecret(context.Context, *secretsmanager.DescribeSecretInput, ...func(*secretsmanager.Options)) (*secretsmanager.DescribeSecretOutput, error)
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
}

func secretsReader() reader {
	return reader{
		specs: []Spec{{
			Type:       "AWS::SecretsManager::Secret",
			Properties: []string{"Name", "Description", "KmsKeyId", "ReplicaRegions", "Type", "Tags"},
			Actions:    []string{"secretsmanager:DescribeSecret"},
			Identities: []string{"Id", "Name"},
			Facts:      []string{drift.FactSecretReplication, drift.FactSecretValue},
			Secret:     "the value, which is read only when asked for and kept as a keyed digest",
		}},
		early: []string{allTypes},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			each(ctx, items, func(item inventory.Item) { r.secret(ctx, item) })
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
