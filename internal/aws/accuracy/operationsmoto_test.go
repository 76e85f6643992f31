package accuracy

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cloudwatchschemas "github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"

	releases "github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
)

// metrics is a client that moto understands: it does not speak CBOR.
func metrics(cfg aws.Config, _ ...func(*cloudwatch.Options)) *cloudwatch.Client {
	return cloudwatch.NewFromConfig(cfg, func(o *cloudwatch.Options) {
		o.Protocol = awsjson.New10(cloudwatchschemas.GraniteServiceVersion20100801)
	})
}

// recordRelease notes in a Region's ledger what it runs, as a deploy does.
func recordRelease(ctx context.Context, cfg aws.Config, with map[string]any) (any, error) {
	var in struct{ Release string }
	if err := decode(with, &in); err != nil {
		return nil, err
	}
	return nil, ledger.New(cfg, "app", cfg.Region, ledger.Options{}).Record(ctx, releases.Record{ID: in.Release, DeployedAt: time.Now(), Outcome: releases.Done})
}

// motoOperations are the calls that only the rules on moto make.
func motoOperations() map[string]operation {
	return map[string]operation{
		"acm:RequestCertificate": call(acm.NewFromConfig, (*acm.Client).RequestCertificate),
		"acm:DeleteCertificate":  call(acm.NewFromConfig, (*acm.Client).DeleteCertificate),

		"apigatewayv2:CreateApi":   call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).CreateApi),
		"apigatewayv2:CreateRoute": call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).CreateRoute),
		"apigatewayv2:CreateStage": call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).CreateStage),

		"autoscaling:SuspendProcesses": call(autoscaling.NewFromConfig, (*autoscaling.Client).SuspendProcesses),

		"cloudformation:DeleteStack": call(cloudformation.NewFromConfig, (*cloudformation.Client).DeleteStack),

		"cloudwatch:PutMetricAlarm": call(metrics, (*cloudwatch.Client).PutMetricAlarm),
		"cloudwatch:PutMetricData":  call(metrics, (*cloudwatch.Client).PutMetricData),
		"cloudwatch:PutDashboard":   call(metrics, (*cloudwatch.Client).PutDashboard),
		"cloudwatch:SetAlarmState":  call(metrics, (*cloudwatch.Client).SetAlarmState),
		"cloudwatch:DeleteAlarms":   call(metrics, (*cloudwatch.Client).DeleteAlarms),

		"dynamodb:CreateTable": call(dynamodb.NewFromConfig, (*dynamodb.Client).CreateTable),

		"ec2:AcceptVpcPeeringConnection":  call(ec2.NewFromConfig, (*ec2.Client).AcceptVpcPeeringConnection),
		"ec2:AllocateAddress":             call(ec2.NewFromConfig, (*ec2.Client).AllocateAddress),
		"ec2:CreateImage":                 call(ec2.NewFromConfig, (*ec2.Client).CreateImage),
		"ec2:CreateLaunchTemplateVersion": call(ec2.NewFromConfig, (*ec2.Client).CreateLaunchTemplateVersion),
		"ec2:CreateNatGateway":            call(ec2.NewFromConfig, (*ec2.Client).CreateNatGateway),
		"ec2:CreateVpcPeeringConnection":  call(ec2.NewFromConfig, (*ec2.Client).CreateVpcPeeringConnection),
		"ec2:CreateVpcEndpoint":           call(ec2.NewFromConfig, (*ec2.Client).CreateVpcEndpoint),
		"ec2:DeleteNatGateway":            call(ec2.NewFromConfig, (*ec2.Client).DeleteNatGateway),
		"ec2:DeleteVpcPeeringConnection":  call(ec2.NewFromConfig, (*ec2.Client).DeleteVpcPeeringConnection),
		"ec2:RunInstances":                call(ec2.NewFromConfig, (*ec2.Client).RunInstances),

		"ecr:CreateRepository":            call(ecr.NewFromConfig, (*ecr.Client).CreateRepository),
		"ecr:BatchDeleteImage":            call(ecr.NewFromConfig, (*ecr.Client).BatchDeleteImage),
		"ecr:PutImage":                    call(ecr.NewFromConfig, (*ecr.Client).PutImage),
		"ecr:PutLifecyclePolicy":          call(ecr.NewFromConfig, (*ecr.Client).PutLifecyclePolicy),
		"ecr:PutReplicationConfiguration": call(ecr.NewFromConfig, (*ecr.Client).PutReplicationConfiguration),

		"eks:CreateCluster":   call(eks.NewFromConfig, (*eks.Client).CreateCluster),
		"eks:CreateNodegroup": call(eks.NewFromConfig, (*eks.Client).CreateNodegroup),
		"eks:DeleteNodegroup": call(eks.NewFromConfig, (*eks.Client).DeleteNodegroup),

		"autoscaling:DescribeAutoScalingGroups":   call(autoscaling.NewFromConfig, (*autoscaling.Client).DescribeAutoScalingGroups),
		"elasticloadbalancing:CreateLoadBalancer": call(elasticloadbalancingv2.NewFromConfig, (*elasticloadbalancingv2.Client).CreateLoadBalancer),
		"elasticloadbalancing:ModifyListener":     call(elasticloadbalancingv2.NewFromConfig, (*elasticloadbalancingv2.Client).ModifyListener),
		"elasticloadbalancing:DeregisterTargets":  call(elasticloadbalancingv2.NewFromConfig, (*elasticloadbalancingv2.Client).DeregisterTargets),

		"iam:CreateOpenIDConnectProvider": call(iam.NewFromConfig, (*iam.Client).CreateOpenIDConnectProvider),
		"iam:DeleteOpenIDConnectProvider": call(iam.NewFromConfig, (*iam.Client).DeleteOpenIDConnectProvider),
		"iam:CreateUser":                  call(iam.NewFromConfig, (*iam.Client).CreateUser),
		"iam:CreateAccessKey":             call(iam.NewFromConfig, (*iam.Client).CreateAccessKey),
		"iam:CreateLoginProfile":          call(iam.NewFromConfig, (*iam.Client).CreateLoginProfile),
		"iam:AttachUserPolicy":            call(iam.NewFromConfig, (*iam.Client).AttachUserPolicy),
		"iam:DeleteLoginProfile":          call(iam.NewFromConfig, (*iam.Client).DeleteLoginProfile),
		"iam:DeleteUser":                  call(iam.NewFromConfig, (*iam.Client).DeleteUser),

		"kms:DescribeKey":  call(kms.NewFromConfig, (*kms.Client).DescribeKey),
		"kms:ReplicateKey": call(kms.NewFromConfig, (*kms.Client).ReplicateKey),

		"lambda:CreateAlias": call(lambda.NewFromConfig, (*lambda.Client).CreateAlias),

		"lockstep:Record": recordRelease,

		"organizations:AttachPolicy":       call(organizations.NewFromConfig, (*organizations.Client).AttachPolicy),
		"organizations:CreateOrganization": call(organizations.NewFromConfig, (*organizations.Client).CreateOrganization),
		"organizations:CreatePolicy":       call(organizations.NewFromConfig, (*organizations.Client).CreatePolicy),
		"organizations:EnablePolicyType":   call(organizations.NewFromConfig, (*organizations.Client).EnablePolicyType),
		"organizations:ListRoots":          call(organizations.NewFromConfig, (*organizations.Client).ListRoots),

		"rds:CreateDBCluster":             call(rds.NewFromConfig, (*rds.Client).CreateDBCluster),
		"rds:CreateDBInstance":            call(rds.NewFromConfig, (*rds.Client).CreateDBInstance),
		"rds:CreateDBInstanceReadReplica": call(rds.NewFromConfig, (*rds.Client).CreateDBInstanceReadReplica),
		"rds:CreateDBParameterGroup":      call(rds.NewFromConfig, (*rds.Client).CreateDBParameterGroup),
		"rds:ModifyDBParameterGroup":      call(rds.NewFromConfig, (*rds.Client).ModifyDBParameterGroup),
		"rds:CreateGlobalCluster":         call(rds.NewFromConfig, (*rds.Client).CreateGlobalCluster),

		"route53:ChangeResourceRecordSets": call(route53.NewFromConfig, (*route53.Client).ChangeResourceRecordSets),
		"route53:CreateHealthCheck":        call(route53.NewFromConfig, (*route53.Client).CreateHealthCheck),
		"route53:UpdateHealthCheck":        call(route53.NewFromConfig, (*route53.Client).UpdateHealthCheck),
		"wafv2:UpdateWebACL":               call(wafv2.NewFromConfig, (*wafv2.Client).UpdateWebACL),

		"route53:CreateHostedZone": call(route53.NewFromConfig, (*route53.Client).CreateHostedZone),

		"s3:PutBucketReplication": call(s3Client, (*s3.Client).PutBucketReplication),
		"s3:DeleteObject":         call(s3Client, (*s3.Client).DeleteObject),

		"secretsmanager:DescribeSecret":           call(secretsmanager.NewFromConfig, (*secretsmanager.Client).DescribeSecret),
		"secretsmanager:PutSecretValue":           call(secretsmanager.NewFromConfig, (*secretsmanager.Client).PutSecretValue),
		"secretsmanager:ReplicateSecretToRegions": call(secretsmanager.NewFromConfig, (*secretsmanager.Client).ReplicateSecretToRegions),

		"sns:Subscribe": call(sns.NewFromConfig, (*sns.Client).Subscribe),
	}
}
