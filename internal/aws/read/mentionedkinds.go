package read

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
)

func describeCertificate(ctx context.Context, r *run, arn string) (map[string]any, error) {
	out, err := r.clients.acm.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: &arn})
	if err != nil {
		return nil, err
	}
	c := out.Certificate
	if c == nil {
		return nil, incomplete(acm.ServiceID, "DescribeCertificate", arn)
	}
	value := certificateState(c)
	value["Name"] = aws.ToString(c.DomainName)
	value["Content"] = map[string]any{"DomainName": aws.ToString(c.DomainName), "SubjectAlternativeNames": otherNames(c),
		"KeyAlgorithm": keyAlgorithm(c), "Type": string(c.Type)}
	return value, nil
}

// describeKey tells keys by what they are called and can do. A multi-Region key
// has one id everywhere, and is told by that.
func describeKey(ctx context.Context, r *run, id string) (map[string]any, error) {
	out, err := r.clients.kms.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &id})
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
		rotation, err := r.clients.kms.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: k.KeyId})
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
func (r *run) foreignKeyPolicy(ctx context.Context, k *types.KeyMetadata, content map[string]any) error {
	if k.KeyManager == types.KeyManagerTypeAws || aws.ToString(k.AWSAccountId) != r.Account {
		return nil
	}
	out, err := r.clients.kms.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: k.KeyId, PolicyName: aws.String("default")})
	if err != nil {
		return err
	}
	content["KeyPolicy"] = parsed(strings.ReplaceAll(aws.ToString(out.Policy), aws.ToString(k.KeyId), "${self}"))
	return nil
}

func (r *run) aliasesOf(ctx context.Context, key string) ([]string, error) {
	names := []string{}
	pages := kms.NewListAliasesPaginator(r.clients.kms, &kms.ListAliasesInput{KeyId: &key})
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

// errNoGroup is a list that neither has the group it was asked for nor says why.
var errNoGroup = errors.New("the answer does not have the group")

func describeDBGroup(ctx context.Context, r *run, name string) (map[string]any, error) {
	if content, ok := keptGroup(name); ok {
		return content, nil
	}
	out, err := r.clients.rds.DescribeDBParameterGroups(ctx, &rds.DescribeDBParameterGroupsInput{DBParameterGroupName: &name})
	if err != nil {
		return nil, err
	}
	if len(out.DBParameterGroups) != 1 {
		return nil, errNoGroup
	}
	return parameterContent(ctx, name, aws.ToString(out.DBParameterGroups[0].DBParameterGroupFamily), r.dbParameters)
}

func describeDBClusterGroup(ctx context.Context, r *run, name string) (map[string]any, error) {
	if content, ok := keptGroup(name); ok {
		return content, nil
	}
	out, err := r.clients.rds.DescribeDBClusterParameterGroups(ctx, &rds.DescribeDBClusterParameterGroupsInput{DBClusterParameterGroupName: &name})
	if err != nil {
		return nil, err
	}
	if len(out.DBClusterParameterGroups) != 1 {
		return nil, errNoGroup
	}
	return parameterContent(ctx, name, aws.ToString(out.DBClusterParameterGroups[0].DBParameterGroupFamily), r.dbClusterParameters)
}

// keptGroup is the content of a group that AWS keeps: its name says the
// family, and nobody can set anything in it, so nobody has to be asked.
func keptGroup(name string) (map[string]any, bool) {
	family, ok := strings.CutPrefix(name, "default.")
	if !ok {
		return nil, false
	}
	return map[string]any{"Name": name, "Content": map[string]any{"Family": family, "Parameters": map[string]string{}}}, true
}

// parameterContent is a group by its family and what somebody set in it.
func parameterContent(ctx context.Context, name, family string, read func(context.Context, string) (map[string]string, error)) (map[string]any, error) {
	parameters, err := read(ctx, name)
	if err != nil {
		return nil, err
	}
	return map[string]any{"Name": name, "Content": map[string]any{"Family": family, "Parameters": parameters}}, nil
}

func describeOptionGroup(ctx context.Context, r *run, name string) (map[string]any, error) {
	if engine, ok := strings.CutPrefix(name, "default:"); ok { // AWS keeps it, and nobody can add an option
		return map[string]any{"Name": name, "Content": map[string]any{"Default": engine}}, nil
	}
	out, err := r.clients.rds.DescribeOptionGroups(ctx, &rds.DescribeOptionGroupsInput{OptionGroupName: &name})
	if err != nil {
		return nil, err
	}
	if len(out.OptionGroupsList) != 1 {
		return nil, errNoGroup
	}
	g := out.OptionGroupsList[0]
	return map[string]any{"Name": name, "Content": map[string]any{"EngineName": g.EngineName, "MajorEngineVersion": g.MajorEngineVersion,
		"OptionConfigurations": optionConfigurations(g.Options)}}, nil
}
