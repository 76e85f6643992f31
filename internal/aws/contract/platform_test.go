package contract

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	cognitotypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/kafka"
	kafkatypes "github.com/aws/aws-sdk-go-v2/service/kafka/types"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestRegistriesAreReadAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-1"}
		ctx, name := t.Context(), s.unique("repo")
		api := ecr.NewFromConfig(s.config(r.region))
		_, err := api.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: &name, ImageTagMutability: ecrtypes.ImageTagMutabilityImmutable,
			ImageScanningConfiguration: &ecrtypes.ImageScanningConfiguration{ScanOnPush: true}, Tags: []ecrtypes.Tag{{Key: str("team"), Value: str("payments")}}})
		s.ok(err)
		plain := name + "2"
		_, err = api.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: &plain})
		s.ok(err)
		rules := `{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":5},"action":{"type":"expire"}}]}`
		_, err = api.PutLifecyclePolicy(ctx, &ecr.PutLifecyclePolicyInput{RepositoryName: &name, LifecyclePolicyText: &rules})
		s.ok(err)
		policy := `{"Version":"2012-10-17","Statement":[{"Sid":"pull","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":["ecr:BatchGetImage"]}]}`
		_, err = api.SetRepositoryPolicy(ctx, &ecr.SetRepositoryPolicyInput{RepositoryName: &name, PolicyText: &policy})
		s.ok(err)
		r.item("Repository", "ECR::Repository", name, nil)
		r.item("Plain", "ECR::Repository", plain, nil)
		found := r.read()
		r.has(found, "Repository", map[string]any{"RepositoryName": name, "ImageTagMutability": "IMMUTABLE", "ImageScanningConfiguration": map[string]any{"ScanOnPush": true},
			"EncryptionConfiguration": map[string]any{"EncryptionType": "AES256"}})
		if p := found["app/Repository"].Properties; p["LifecyclePolicy"] == nil || p["RepositoryPolicyText"] == nil || found["app/Repository"].Tags["team"] != "payments" {
			s.Errorf("%+v", found["app/Repository"])
		}
		r.has(found, "Plain", map[string]any{"ImageTagMutability": "MUTABLE", "LifecyclePolicy": nil, "RepositoryPolicyText": nil})
		_, err = api.PutImageTagMutability(ctx, &ecr.PutImageTagMutabilityInput{RepositoryName: &name, ImageTagMutability: ecrtypes.ImageTagMutabilityMutable})
		s.ok(err)
		r.has(r.read(), "Repository", map[string]any{"ImageTagMutability": "MUTABLE"})

		r.item("Gone", "ECR::Repository", name+"-none", nil) // one unknown name refuses the whole call
		result := r.result()
		if len(result.Resources) != 2 || len(result.Gaps) != 0 || len(result.Facts) != 1 || result.Facts[0].Kind != drift.FactGone || result.Facts[0].Subject != "app/Gone" {
			s.Errorf("one of three is gone: %d resources, %+v, %+v", len(result.Resources), result.Facts, result.Gaps)
		}
	})
}

func TestImagesAreFoundByDigestAndTag(t *testing.T) {
	both(t, "its digest is not that of the manifest", func(s side) {
		ctx, name := t.Context(), s.unique("img")
		api := ecr.NewFromConfig(s.config("eu-west-1"))
		_, err := api.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: &name})
		s.ok(err)
		pushed, err := api.PutImage(ctx, &ecr.PutImageInput{RepositoryName: &name, ImageManifest: str(`{"schemaVersion":2}`), ImageTag: str("1")})
		s.ok(err)
		digest := *pushed.Image.ImageId.ImageDigest
		out, err := api.BatchGetImage(ctx, &ecr.BatchGetImageInput{RepositoryName: &name, ImageIds: []ecrtypes.ImageIdentifier{{ImageDigest: &digest}, {ImageTag: str("1")}, {ImageTag: str("2")}}})
		s.ok(err)
		if len(out.Images) != 2 || *out.Images[1].ImageId.ImageDigest != digest || len(out.Failures) != 1 || out.Failures[0].FailureCode != ecrtypes.ImageFailureCodeImageNotFound {
			s.Errorf("%+v", out)
		}
		_, err = api.BatchGetImage(ctx, &ecr.BatchGetImageInput{RepositoryName: str(name + "-none"), ImageIds: []ecrtypes.ImageIdentifier{{ImageTag: str("1")}}})
		s.code(err, "RepositoryNotFoundException")
	})
}

func TestKubernetesIsReadAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-1"}
		ctx, name := t.Context(), s.unique("k8s")
		api := eks.NewFromConfig(s.config(r.region))
		role := "arn:aws:iam::123456789012:role/eks"
		subnets := []string{"subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"}
		_, err := api.CreateCluster(ctx, &eks.CreateClusterInput{Name: &name, RoleArn: &role, Version: str("1.30"), Tags: map[string]string{"team": "platform"},
			ResourcesVpcConfig: &ekstypes.VpcConfigRequest{SubnetIds: subnets, EndpointPublicAccess: aws.Bool(true)}})
		s.ok(err)
		_, err = api.CreateNodegroup(ctx, &eks.CreateNodegroupInput{ClusterName: &name, NodegroupName: str("workers"), NodeRole: &role, Subnets: subnets, InstanceTypes: []string{"m5.large"},
			ScalingConfig: &ekstypes.NodegroupScalingConfig{MinSize: aws.Int32(1), MaxSize: aws.Int32(4), DesiredSize: aws.Int32(2)}, Labels: map[string]string{"Tier": "web"}})
		s.ok(err)
		_, err = api.CreateFargateProfile(ctx, &eks.CreateFargateProfileInput{ClusterName: &name, FargateProfileName: str("batch"), PodExecutionRoleArn: &role,
			Selectors: []ekstypes.FargateProfileSelector{{Namespace: str("batch"), Labels: map[string]string{"kind": "job"}}}})
		s.ok(err)
		r.item("Cluster", "EKS::Cluster", name, nil)
		r.item("Nodes", "EKS::Nodegroup", name+"/workers", nil)
		r.item("Profile", "EKS::FargateProfile", name+"|batch", nil)
		found := r.read()
		r.has(found, "Cluster", map[string]any{"Name": name, "RoleArn": role, "Version": "1.30"})
		r.has(found, "Nodes", map[string]any{"ClusterName": name, "NodegroupName": "workers", "InstanceTypes": []string{"m5.large"}, "Subnets": subnets, "Labels": map[string]any{"Tier": "web"},
			"ScalingConfig": map[string]any{"MinSize": 1, "MaxSize": 4, "DesiredSize": 2}})
		r.has(found, "Profile", map[string]any{"FargateProfileName": "batch", "PodExecutionRoleArn": role,
			"Selectors": []any{map[string]any{"Namespace": "batch", "Labels": []any{map[string]any{"Key": "kind", "Value": "job"}}}}})
		if found["app/Cluster"].Tags["team"] != "platform" || found["app/Cluster"].Identities["OpenIdConnectIssuerUrl"] == "" {
			s.Errorf("%+v", found["app/Cluster"])
		}
	})
}

func TestCapacityProvidersAreReadAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-1"}
		ctx, name := t.Context(), s.unique("capacity")
		api := ecs.NewFromConfig(s.config(r.region))
		group := "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:1:autoScalingGroupName/spot"
		_, err := api.CreateCapacityProvider(ctx, &ecs.CreateCapacityProviderInput{Name: &name, AutoScalingGroupProvider: &ecstypes.AutoScalingGroupProvider{AutoScalingGroupArn: &group,
			ManagedScaling: &ecstypes.ManagedScaling{Status: ecstypes.ManagedScalingStatusEnabled, TargetCapacity: aws.Int32(90)}}})
		s.ok(err)
		_, err = api.CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: &name, Tags: []ecstypes.Tag{{Key: str("team"), Value: str("platform")}}})
		s.ok(err)
		_, err = api.PutClusterCapacityProviders(ctx, &ecs.PutClusterCapacityProvidersInput{Cluster: &name, CapacityProviders: []string{name},
			DefaultCapacityProviderStrategy: []ecstypes.CapacityProviderStrategyItem{{CapacityProvider: &name, Weight: 1}}})
		s.ok(err)
		r.item("Provider", "ECS::CapacityProvider", name, nil)
		r.item("Association", "ECS::ClusterCapacityProviderAssociations", name, nil)
		found := r.read()
		r.has(found, "Provider", map[string]any{"Name": name})
		r.has(found, "Association", map[string]any{"CapacityProviders": []string{name}, "Cluster": name})
		provider, _ := found["app/Provider"].Properties["AutoScalingGroupProvider"].(map[string]any)
		if provider["AutoScalingGroupArn"] != group {
			s.Errorf("%+v", provider)
		}
	})
}

func TestUserPoolsAreReadAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-1"}
		ctx, name := t.Context(), s.unique("people")
		api := cognitoidentityprovider.NewFromConfig(s.config(r.region))
		made, err := api.CreateUserPool(ctx, &cognitoidentityprovider.CreateUserPoolInput{PoolName: &name, AutoVerifiedAttributes: []cognitotypes.VerifiedAttributeType{"email"},
			Policies: &cognitotypes.UserPoolPolicyType{PasswordPolicy: &cognitotypes.PasswordPolicyType{MinimumLength: aws.Int32(12)}}, UserPoolTags: map[string]string{"team": "platform"}})
		s.ok(err)
		pool := *made.UserPool.Id
		client, err := api.CreateUserPoolClient(ctx, &cognitoidentityprovider.CreateUserPoolClientInput{UserPoolId: &pool, ClientName: str("web"), GenerateSecret: true, CallbackURLs: []string{"https://example.com"}})
		s.ok(err)
		_, err = api.CreateGroup(ctx, &cognitoidentityprovider.CreateGroupInput{UserPoolId: &pool, GroupName: str("admins"), Precedence: aws.Int32(1)})
		s.ok(err)
		_, err = api.CreateResourceServer(ctx, &cognitoidentityprovider.CreateResourceServerInput{UserPoolId: &pool, Identifier: str("shop"), Name: str("shop"),
			Scopes: []cognitotypes.ResourceServerScopeType{{ScopeName: str("read"), ScopeDescription: str("read all")}}})
		s.ok(err)
		_, err = api.CreateUserPoolDomain(ctx, &cognitoidentityprovider.CreateUserPoolDomainInput{UserPoolId: &pool, Domain: str("d-" + s.unique(""))})
		s.ok(err)
		r.item("Pool", "Cognito::UserPool", pool, nil)
		r.item("Client", "Cognito::UserPoolClient", *client.UserPoolClient.ClientId, map[string]any{"UserPoolId": pool})
		r.item("Group", "Cognito::UserPoolGroup", "admins", map[string]any{"UserPoolId": pool})
		r.item("Server", "Cognito::UserPoolResourceServer", "shop", map[string]any{"UserPoolId": pool})
		r.item("Domain", "Cognito::UserPoolDomain", "d-"+s.unique(""), map[string]any{"UserPoolId": pool})
		found := r.read()
		r.has(found, "Pool", map[string]any{"UserPoolName": name, "AutoVerifiedAttributes": []string{"email"}})
		r.has(found, "Client", map[string]any{"ClientName": "web", "GenerateSecret": true, "CallbackURLs": []string{"https://example.com"}})
		r.has(found, "Group", map[string]any{"GroupName": "admins", "Precedence": 1})
		r.has(found, "Server", map[string]any{"Identifier": "shop", "Scopes": []any{map[string]any{"ScopeName": "read", "ScopeDescription": "read all"}}})
		r.has(found, "Domain", map[string]any{"UserPoolId": pool})
		if found["app/Pool"].Tags["team"] != "platform" {
			s.Errorf("tags %v", found["app/Pool"].Tags)
		}
	})
}

func TestBrokersAreReadAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-1"}
		ctx, name := t.Context(), s.unique("broker")
		api := kafka.NewFromConfig(s.config(r.region))
		made, err := api.CreateClusterV2(ctx, &kafka.CreateClusterV2Input{ClusterName: &name, Tags: map[string]string{"team": "platform"}, Provisioned: &kafkatypes.ProvisionedRequest{
			KafkaVersion: str("3.7.x"), NumberOfBrokerNodes: aws.Int32(3), BrokerNodeGroupInfo: &kafkatypes.BrokerNodeGroupInfo{ClientSubnets: []string{"subnet-1"},
				InstanceType: str("kafka.m7g.large"), StorageInfo: &kafkatypes.StorageInfo{EbsStorageInfo: &kafkatypes.EBSStorageInfo{VolumeSize: aws.Int32(500)}}}}})
		s.ok(err)
		r.item("Broker", "MSK::Cluster", *made.ClusterArn, nil)
		if s.sim == nil { // moto tells no brokers and names a configuration that it does not know: those are gaps, and the cluster is read
			if result := r.result(); len(result.Gaps) != 2 || result.Gaps[0].Property != "BootstrapBrokers" || result.Gaps[1].Property != "ConfigurationInfo" ||
				len(result.Resources) != 1 || result.Resources[0].Properties["NumberOfBrokerNodes"] != 3.0 {
				s.Errorf("%+v", result)
			}
			return
		}
		found := r.read()
		r.has(found, "Broker", map[string]any{"ClusterName": name, "NumberOfBrokerNodes": 3})
		info, _ := found["app/Broker"].Properties["BrokerNodeGroupInfo"].(map[string]any)
		if info["InstanceType"] != "kafka.m7g.large" || found["app/Broker"].Tags["team"] != "platform" {
			s.Errorf("%+v", found["app/Broker"])
		}
		configuration, err := api.CreateConfiguration(ctx, &kafka.CreateConfigurationInput{Name: &name, ServerProperties: []byte("log.retention.hours=48")})
		s.ok(err)
		r.item("Configuration", "MSK::Configuration", *configuration.Arn, nil)
		r.has(r.read(), "Configuration", map[string]any{"Name": name, "ServerProperties": "log.retention.hours=48"})
	})
}
