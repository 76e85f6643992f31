package contract

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	smtypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

func TestRoles(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), s.unique("role")
		api := iam.NewFromConfig(s.config("eu-west-1"))
		trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
		_, err := api.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: &trust})
		s.ok(err)
		_, err = api.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: &trust})
		s.code(err, "EntityAlreadyExists")
		got, err := iam.NewFromConfig(s.config("us-east-1")).GetRole(ctx, &iam.GetRoleInput{RoleName: &name}) // global
		s.ok(err)
		document, err := url.QueryUnescape(*got.Role.AssumeRolePolicyDocument)
		s.ok(err)
		if !strings.Contains(document, "lambda.amazonaws.com") || !strings.HasSuffix(*got.Role.Arn, ":role/"+name) || got.Role.CreateDate == nil {
			s.Errorf("%+v", got.Role)
		}
		_, err = api.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: &name, PolicyName: str("p"), PolicyDocument: str(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`)})
		s.ok(err)
		policies, err := api.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: &name})
		s.ok(err)
		if len(policies.PolicyNames) != 1 || policies.PolicyNames[0] != "p" {
			s.Errorf("%v", policies.PolicyNames)
		}
		_, err = api.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: &name, PolicyName: str("p")})
		s.ok(err)
		_, err = api.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: &name})
		s.ok(err)
		_, err = api.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
		s.code(err, "NoSuchEntity")
	})
}

func TestKeysAndTheirReplicas(t *testing.T) {
	both(t, "", func(s side) {
		ctx := context.Background()
		api, west := kms.NewFromConfig(s.config("us-east-1")), kms.NewFromConfig(s.config("us-west-2"))
		made, err := api.CreateKey(ctx, &kms.CreateKeyInput{MultiRegion: aws.Bool(true), Description: str("d")})
		s.ok(err)
		id := made.KeyMetadata.KeyId
		if !strings.HasPrefix(*id, "mrk-") || !made.KeyMetadata.Enabled {
			s.Errorf("%+v", made.KeyMetadata)
		}
		_, err = west.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: id})
		s.code(err, "NotFoundException")
		_, err = api.ReplicateKey(ctx, &kms.ReplicateKeyInput{KeyId: id, ReplicaRegion: str("us-west-2")})
		s.ok(err)
		replica, err := west.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: id})
		s.ok(err)
		if c := replica.KeyMetadata.MultiRegionConfiguration; c == nil || c.MultiRegionKeyType != "REPLICA" || *c.PrimaryKey.Region != "us-east-1" {
			s.Errorf("%+v", replica.KeyMetadata)
		}
		alias := "alias/" + s.unique("k")
		_, err = api.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: &alias, TargetKeyId: id})
		s.ok(err)
		_, err = api.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: &alias, TargetKeyId: id})
		s.code(err, "AlreadyExistsException")
		got, err := api.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &alias})
		s.ok(err)
		if *got.KeyMetadata.KeyId != *id {
			s.Errorf("the alias leads to %s", *got.KeyMetadata.KeyId)
		}
		_, err = api.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: id})
		s.ok(err)
		rotation, err := api.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: id})
		s.ok(err)
		if !rotation.KeyRotationEnabled {
			s.Error("no rotation")
		}
	})
}

func TestSecretsAndTheirReplicas(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), s.unique("secret")
		api, west := secretsmanager.NewFromConfig(s.config("us-east-1")), secretsmanager.NewFromConfig(s.config("us-west-2"))
		_, err := api.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: &name, SecretString: str("v1"), AddReplicaRegions: []smtypes.ReplicaRegionType{{Region: str("us-west-2")}}})
		s.ok(err)
		s.until("the replica", func() bool {
			out, err := api.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &name})
			s.ok(err)
			return len(out.ReplicationStatus) == 1 && out.ReplicationStatus[0].Status == smtypes.StatusTypeInSync
		})
		_, err = api.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: &name, SecretString: str("v2")})
		s.ok(err)
		s.until("the new value in the replica", func() bool {
			out, err := west.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &name})
			s.ok(err)
			return *out.SecretString == "v2"
		})
		described, err := west.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &name})
		s.ok(err)
		if aws.ToString(described.PrimaryRegion) != "us-east-1" {
			s.Errorf("primary Region %q", aws.ToString(described.PrimaryRegion))
		}
		_, err = api.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: str("none")})
		s.code(err, "ResourceNotFoundException")
	})
}
