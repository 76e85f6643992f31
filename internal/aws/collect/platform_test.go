package collect

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	cognitotypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/kafka"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestPlatform(t *testing.T) {
	w := telltale(t, "platform")
	ctx := t.Context()
	snapshots := w.snapshots(w.options("app"))
	client, err := cognitoidentityprovider.NewFromConfig(w.sessions[0].Config).DescribeUserPoolClient(ctx, &cognitoidentityprovider.DescribeUserPoolClientInput{
		UserPoolId: aws.String(resource(t, snapshots[0], "app/People").ID), ClientId: aws.String(resource(t, snapshots[0], "app/Web").ID)})
	if err != nil || aws.ToString(client.UserPoolClient.ClientSecret) == "" {
		t.Fatalf("%v: there is no client secret that could leave", err)
	}
	if data, err := json.Marshal(snapshots[0]); err != nil || regexp.MustCompile(regexp.QuoteMeta(*client.UserPoolClient.ClientSecret)).Match(data) {
		t.Errorf("%v: the client secret left", err)
	}
	for kind, subject := range map[string]string{drift.FactEKSClusterStatus: "app/Kubernetes", drift.FactNodegroupStatus: "app/Nodes", drift.FactAddonStatus: "app/Network",
		drift.FactFargateProfileStatus: "app/Batch", drift.FactUserPoolUsers: "app/People", drift.FactUserPoolDomain: "app/Login", drift.FactMSKState: "app/Broker"} {
		if len(factOf(t, snapshots[0], kind, subject)) == 0 {
			t.Errorf("%s of %s is empty", kind, subject)
		}
	}
	nodes := func(cfg aws.Config, change func(*eks.Client) error) error { return change(eks.NewFromConfig(cfg)) }
	w.shows(
		edit{"Kubernetes", "Logging", func(cfg aws.Config, id string) error {
			_, err := eks.NewFromConfig(cfg).UpdateClusterConfig(ctx, &eks.UpdateClusterConfigInput{Name: &id, Logging: &ekstypes.Logging{
				ClusterLogging: []ekstypes.LogSetup{{Enabled: aws.Bool(true), Types: []ekstypes.LogType{ekstypes.LogTypeApi}}}}})
			return err
		}},
		edit{"Nodes", "ScalingConfig", func(cfg aws.Config, _ string) error {
			return nodes(cfg, func(c *eks.Client) error {
				_, err := c.UpdateNodegroupConfig(ctx, &eks.UpdateNodegroupConfigInput{ClusterName: aws.String("main"), NodegroupName: aws.String("workers"),
					ScalingConfig: &ekstypes.NodegroupScalingConfig{MaxSize: aws.Int32(4)}})
				return err
			})
		}},
		edit{"Network", "AddonVersion", func(cfg aws.Config, _ string) error {
			_, err := eks.NewFromConfig(cfg).UpdateAddon(ctx, &eks.UpdateAddonInput{ClusterName: aws.String("main"), AddonName: aws.String("vpc-cni"), AddonVersion: aws.String("v1.18.0-eksbuild.1")})
			return err
		}},
		edit{"Names", "AddonVersion", func(cfg aws.Config, _ string) error {
			_, err := eks.NewFromConfig(cfg).UpdateAddon(ctx, &eks.UpdateAddonInput{ClusterName: aws.String("main"), AddonName: aws.String("coredns"), AddonVersion: aws.String("v0.9.0-eksbuild.1")})
			return err
		}},
		edit{"Custom", "ReleaseVersion", func(cfg aws.Config, _ string) error {
			return nodes(cfg, func(c *eks.Client) error {
				_, err := c.UpdateNodegroupVersion(ctx, &eks.UpdateNodegroupVersionInput{ClusterName: aws.String("main"), NodegroupName: aws.String("custom"), ReleaseVersion: aws.String("1.33.0-20200101")})
				return err
			})
		}},
		edit{"Operators", "AccessPolicies", func(cfg aws.Config, _ string) error {
			_, err := eks.NewFromConfig(cfg).DisassociateAccessPolicy(ctx, &eks.DisassociateAccessPolicyInput{ClusterName: aws.String("main"),
				PrincipalArn: aws.String("arn:aws:iam::" + account + ":role/operators"), PolicyArn: aws.String("arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy")})
			return err
		}},
		edit{"Spot", "AutoScalingGroupProvider", func(cfg aws.Config, id string) error {
			_, err := ecs.NewFromConfig(cfg).UpdateCapacityProvider(ctx, &ecs.UpdateCapacityProviderInput{Name: &id,
				AutoScalingGroupProvider: &ecstypes.AutoScalingGroupProviderUpdate{ManagedScaling: &ecstypes.ManagedScaling{Status: ecstypes.ManagedScalingStatusDisabled}}})
			return err
		}},
		edit{"People", "Policies", func(cfg aws.Config, id string) error {
			c := cognitoidentityprovider.NewFromConfig(cfg)
			out, err := c.DescribeUserPool(ctx, &cognitoidentityprovider.DescribeUserPoolInput{UserPoolId: &id})
			if err != nil {
				return err
			}
			p := out.UserPool
			_, err = c.UpdateUserPool(ctx, &cognitoidentityprovider.UpdateUserPoolInput{UserPoolId: &id, MfaConfiguration: p.MfaConfiguration, AutoVerifiedAttributes: p.AutoVerifiedAttributes,
				Policies: &cognitotypes.UserPoolPolicyType{PasswordPolicy: &cognitotypes.PasswordPolicyType{MinimumLength: aws.Int32(6)}}})
			return err
		}},
		edit{"Web", "CallbackURLs", func(cfg aws.Config, id string) error {
			pool := resource(t, w.snapshots(w.options("app"))[1], "app/People").ID
			_, err := cognitoidentityprovider.NewFromConfig(cfg).UpdateUserPoolClient(ctx, &cognitoidentityprovider.UpdateUserPoolClientInput{UserPoolId: &pool, ClientId: &id, CallbackURLs: []string{"https://evil.example.com"}})
			return err
		}},
		edit{"Tuning", "ServerProperties", func(cfg aws.Config, id string) error {
			_, err := kafka.NewFromConfig(cfg).UpdateConfiguration(ctx, &kafka.UpdateConfigurationInput{Arn: &id, ServerProperties: []byte("log.retention.hours=1")})
			return err
		}},
		edit{"Broker", "NumberOfBrokerNodes", func(cfg aws.Config, id string) error {
			c := kafka.NewFromConfig(cfg)
			out, err := c.DescribeClusterV2(ctx, &kafka.DescribeClusterV2Input{ClusterArn: &id})
			if err != nil {
				return err
			}
			_, err = c.UpdateBrokerCount(ctx, &kafka.UpdateBrokerCountInput{ClusterArn: &id, CurrentVersion: out.ClusterInfo.CurrentVersion, TargetNumberOfBrokerNodes: aws.Int32(2)})
			return err
		}},
	)
}
