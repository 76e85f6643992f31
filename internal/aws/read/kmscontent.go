package read

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// keyKind is the Kind of the fact about a key.
const keyKind = "KMSKey"

// describeKey tells keys by what they are called and can do. A multi-Region key
// has one id everywhere, and is told by that.
func describeKey(ctx context.Context, r *run, id string) (map[string]any, error) {
	return keyring{r.clients.kms, r.Account}.describe(ctx, id)
}

// Key is the fact about what a key stands for, by an id, an alias or an ARN of it
// in the Region; the subject is the text it was asked by.
func Key(ctx context.Context, region session.ReadOnly, id string) (drift.Fact, error) {
	value, err := keyring{kms.NewFromConfig(region.Config()), region.Account()}.describe(ctx, id)
	if err != nil {
		return drift.Fact{}, err
	}
	value["Kind"] = keyKind
	tree, err := drift.Tree(value)
	if err != nil {
		return drift.Fact{}, err
	}
	return drift.Fact{Kind: drift.FactContent, Subject: id, Value: withoutNulls(tree)}, nil
}

// keyring is the keys of one account in one Region.
type keyring struct {
	api     kmsAPI
	account string
}

// describe is the value of the fact about one key, still without its Kind.
func (r keyring) describe(ctx context.Context, id string) (map[string]any, error) {
	out, err := r.api.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &id})
	if err != nil {
		return nil, err
	}
	k := out.KeyMetadata
	if k == nil {
		return nil, incomplete(kms.ServiceID, "DescribeKey", id)
	}
	aliases, err := r.aliasesOf(ctx, aws.ToString(k.KeyId))
	if err != nil {
		return nil, err
	}
	content := map[string]any{"Aliases": aliases, "KeySpec": string(k.KeySpec), "KeyUsage": string(k.KeyUsage), "KeyManager": string(k.KeyManager),
		"MultiRegion": aws.ToBool(k.MultiRegion), "Origin": string(k.Origin)}
	if strings.HasPrefix(aws.ToString(k.KeyId), "mrk-") {
		content["MultiRegionKey"] = aws.ToString(k.KeyId)
	}
	if err := r.foreignKeyPolicy(ctx, k, content); err != nil {
		return nil, err
	}
	if rotates(k) && k.KeyManager != types.KeyManagerTypeAws {
		rotation, err := r.api.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: k.KeyId})
		if err != nil {
			return nil, err
		}
		content["EnableKeyRotation"], content["RotationPeriodInDays"] = rotation.KeyRotationEnabled, rotation.RotationPeriodInDays
	}
	name := aws.ToString(k.KeyId)
	if len(aliases) > 0 {
		name = aliases[0]
	}
	return map[string]any{"Name": name, "Content": content, "KeyState": string(k.KeyState), "Enabled": k.Enabled, "DeletionDate": timeOrNil(k.DeletionDate)}, nil
}

// foreignKeyPolicy adds who may use a key, with the key's own id written as what
// it is. AWS writes the policies of its own keys, and tells no account those of another.
func (r keyring) foreignKeyPolicy(ctx context.Context, k *types.KeyMetadata, content map[string]any) error {
	if k.KeyManager == types.KeyManagerTypeAws || aws.ToString(k.AWSAccountId) != r.account {
		return nil
	}
	out, err := r.api.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: k.KeyId, PolicyName: aws.String("default")})
	if err != nil {
		return err
	}
	content["KeyPolicy"] = parsed(strings.ReplaceAll(aws.ToString(out.Policy), aws.ToString(k.KeyId), "${self}"))
	return nil
}

func (r keyring) aliasesOf(ctx context.Context, key string) ([]string, error) {
	names := []string{}
	pages := kms.NewListAliasesPaginator(r.api, &kms.ListAliasesInput{KeyId: &key})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, a := range page.Aliases {
			names = append(names, aws.ToString(a.AliasName))
		}
	}
	slices.Sort(names)
	return names, nil
}
