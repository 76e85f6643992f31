package accuracy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kafka"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// operation calls the SDK with an input given as a tree.
type operation func(ctx context.Context, cfg aws.Config, with map[string]any) (out any, err error)

// call makes an operation of a client's method: the real client, the real input, nothing between.
func call[Client, Options, In, Out any](open func(aws.Config, ...func(*Options)) *Client,
	method func(*Client, context.Context, *In, ...func(*Options)) (*Out, error)) operation {
	return func(ctx context.Context, cfg aws.Config, with map[string]any) (any, error) {
		in := new(In)
		if err := decode(with, in); err != nil {
			return nil, fmt.Errorf("read the input: %w", err)
		}
		return method(open(cfg), ctx, in)
	}
}

// decode fills an input of the SDK, whose members have the API's own names.
func decode(with map[string]any, in any) error {
	data, err := json.Marshal(with)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(in)
}

// s3Client addresses buckets by path: the simulators have one host.
func s3Client(cfg aws.Config, _ ...func(*s3.Options)) *s3.Client {
	return s3.NewFromConfig(cfg, session.PathStyle(cfg))
}

// s3ControlClient calls the one host of the simulators, too.
func s3ControlClient(cfg aws.Config, _ ...func(*s3control.Options)) *s3control.Client {
	return s3control.NewFromConfig(cfg, session.HostAsGiven(cfg))
}

// putObject uploads a text: the SDK wants a reader, which a table cannot hold.
func putObject(ctx context.Context, cfg aws.Config, with map[string]any) (any, error) {
	var in struct{ Bucket, Key, Body string }
	if err := decode(with, &in); err != nil {
		return nil, err
	}
	return s3Client(cfg).PutObject(ctx, &s3.PutObjectInput{Bucket: &in.Bucket, Key: &in.Key, Body: strings.NewReader(in.Body)})
}

// operations are the calls that the tables may name.
func operations() map[string]operation {
	return map[string]operation{
		"events:EnableRule":                   call(eventbridge.NewFromConfig, (*eventbridge.Client).EnableRule),
		"wafv2:DisassociateWebACL":            call(wafv2.NewFromConfig, (*wafv2.Client).DisassociateWebACL),
		"elasticloadbalancing:ModifyListener": call(elasticloadbalancingv2.NewFromConfig, (*elasticloadbalancingv2.Client).ModifyListener),
		"elasticloadbalancing:SetSubnets":     call(elasticloadbalancingv2.NewFromConfig, (*elasticloadbalancingv2.Client).SetSubnets),
		"ec2:CreateNetworkAcl":                call(ec2.NewFromConfig, (*ec2.Client).CreateNetworkAcl),
		"ec2:CreateTags":                      call(ec2.NewFromConfig, (*ec2.Client).CreateTags),
		"ec2:DeleteInternetGateway":           call(ec2.NewFromConfig, (*ec2.Client).DeleteInternetGateway),
		"ec2:DeleteRouteTable":                call(ec2.NewFromConfig, (*ec2.Client).DeleteRouteTable),
		"ecs:TagResource":                     call(ecs.NewFromConfig, (*ecs.Client).TagResource),
		"kafka:DescribeClusterV2":             call(kafka.NewFromConfig, (*kafka.Client).DescribeClusterV2),
		"kafka:UpdateBrokerCount":             call(kafka.NewFromConfig, (*kafka.Client).UpdateBrokerCount),
		"lambda:DeleteLayerVersion":           call(lambda.NewFromConfig, (*lambda.Client).DeleteLayerVersion),
		"route53:ChangeTagsForResource":       call(route53.NewFromConfig, (*route53.Client).ChangeTagsForResource),
		"wafv2:UpdateRuleGroup":               call(wafv2.NewFromConfig, (*wafv2.Client).UpdateRuleGroup),
		"apigateway:DeleteVpcLink":            call(apigateway.NewFromConfig, (*apigateway.Client).DeleteVpcLink),
		"apigateway:UpdateModel":              call(apigateway.NewFromConfig, (*apigateway.Client).UpdateModel),
		"apigatewayv2:CreateRoute":            call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).CreateRoute),
		"apigatewayv2:DeleteApi":              call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).DeleteApi),
		"apigatewayv2:DeleteAuthorizer":       call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).DeleteAuthorizer),
		"apigatewayv2:DeleteDomainName":       call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).DeleteDomainName),
		"apigatewayv2:DeleteVpcLink":          call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).DeleteVpcLink),
		"apigatewayv2:UpdateApi":              call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).UpdateApi),
		"apigatewayv2:UpdateAuthorizer":       call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).UpdateAuthorizer),
		"backup:DeleteBackupSelection":        call(backup.NewFromConfig, (*backup.Client).DeleteBackupSelection),
		"backup:PutBackupVaultAccessPolicy":   call(backup.NewFromConfig, (*backup.Client).PutBackupVaultAccessPolicy),
		"backup:UpdateBackupPlan":             call(backup.NewFromConfig, (*backup.Client).UpdateBackupPlan),
		"cognito-idp:UpdateUserPoolClient":    call(cognitoidentityprovider.NewFromConfig, (*cognitoidentityprovider.Client).UpdateUserPoolClient),
		"ec2:AssociateRouteTable":             call(ec2.NewFromConfig, (*ec2.Client).AssociateRouteTable),
		"ec2:AssociateDhcpOptions":            call(ec2.NewFromConfig, (*ec2.Client).AssociateDhcpOptions),
		"ec2:CreateLaunchTemplateVersion":     call(ec2.NewFromConfig, (*ec2.Client).CreateLaunchTemplateVersion),
		"ec2:DeleteEgressOnlyInternetGateway": call(ec2.NewFromConfig, (*ec2.Client).DeleteEgressOnlyInternetGateway),
		"ec2:DeleteNatGateway":                call(ec2.NewFromConfig, (*ec2.Client).DeleteNatGateway),
		"ec2:DeleteNetworkAcl":                call(ec2.NewFromConfig, (*ec2.Client).DeleteNetworkAcl),
		"ec2:DetachInternetGateway":           call(ec2.NewFromConfig, (*ec2.Client).DetachInternetGateway),
		"ec2:DisassociateRouteTable":          call(ec2.NewFromConfig, (*ec2.Client).DisassociateRouteTable),
		"ec2:DisassociateVpcCidrBlock":        call(ec2.NewFromConfig, (*ec2.Client).DisassociateVpcCidrBlock),
		"ec2:ModifyInstanceAttribute":         call(ec2.NewFromConfig, (*ec2.Client).ModifyInstanceAttribute),
		"ec2:ModifyLaunchTemplate":            call(ec2.NewFromConfig, (*ec2.Client).ModifyLaunchTemplate),
		"ec2:ReleaseAddress":                  call(ec2.NewFromConfig, (*ec2.Client).ReleaseAddress),
		"ec2:ReplaceNetworkAclAssociation":    call(ec2.NewFromConfig, (*ec2.Client).ReplaceNetworkAclAssociation),
		"ec2:StartInstances":                  call(ec2.NewFromConfig, (*ec2.Client).StartInstances),
		"ec2:StopInstances":                   call(ec2.NewFromConfig, (*ec2.Client).StopInstances),
		"ec2:TerminateInstances":              call(ec2.NewFromConfig, (*ec2.Client).TerminateInstances),
		"ecs:DeregisterTaskDefinition":        call(ecs.NewFromConfig, (*ecs.Client).DeregisterTaskDefinition),
		"efs:DeleteAccessPoint":               call(efs.NewFromConfig, (*efs.Client).DeleteAccessPoint),
		"eks:UpdateClusterConfig":             call(eks.NewFromConfig, (*eks.Client).UpdateClusterConfig),
		"elasticache:ModifyCacheCluster":      call(elasticache.NewFromConfig, (*elasticache.Client).ModifyCacheCluster),
		"elasticache:ModifyCacheSubnetGroup":  call(elasticache.NewFromConfig, (*elasticache.Client).ModifyCacheSubnetGroup),
		"events:DeleteArchive":                call(eventbridge.NewFromConfig, (*eventbridge.Client).DeleteArchive),
		"events:DeleteEventBus":               call(eventbridge.NewFromConfig, (*eventbridge.Client).DeleteEventBus),
		"events:RemovePermission":             call(eventbridge.NewFromConfig, (*eventbridge.Client).RemovePermission),
		"events:UpdateApiDestination":         call(eventbridge.NewFromConfig, (*eventbridge.Client).UpdateApiDestination),
		"events:UpdateArchive":                call(eventbridge.NewFromConfig, (*eventbridge.Client).UpdateArchive),
		"events:UpdateConnection":             call(eventbridge.NewFromConfig, (*eventbridge.Client).UpdateConnection),
		"iam:AttachGroupPolicy":               call(iam.NewFromConfig, (*iam.Client).AttachGroupPolicy),
		"iam:AttachUserPolicy":                call(iam.NewFromConfig, (*iam.Client).AttachUserPolicy),
		"kafka:DeleteCluster":                 call(kafka.NewFromConfig, (*kafka.Client).DeleteCluster),
		"kafka:UpdateConfiguration":           call(kafka.NewFromConfig, (*kafka.Client).UpdateConfiguration),
		"kinesis:DeregisterStreamConsumer":    call(kinesis.NewFromConfig, (*kinesis.Client).DeregisterStreamConsumer),
		"lambda:RemoveLayerVersionPermission": statementOf(call(lambda.NewFromConfig, (*lambda.Client).RemoveLayerVersionPermission)),
		"rds:ModifyDBSubnetGroup":             call(rds.NewFromConfig, (*rds.Client).ModifyDBSubnetGroup),
		"rds:ModifyOptionGroup":               call(rds.NewFromConfig, (*rds.Client).ModifyOptionGroup),
		"scheduler:DeleteScheduleGroup":       call(scheduler.NewFromConfig, (*scheduler.Client).DeleteScheduleGroup),
		"sfn:DeleteActivity":                  call(sfn.NewFromConfig, (*sfn.Client).DeleteActivity),
		"sfn:DeleteStateMachineAlias":         call(sfn.NewFromConfig, (*sfn.Client).DeleteStateMachineAlias),
		"wafv2:DeleteLoggingConfiguration":    call(wafv2.NewFromConfig, (*wafv2.Client).DeleteLoggingConfiguration),
		"wafv2:UpdateWebACL":                  call(wafv2.NewFromConfig, (*wafv2.Client).UpdateWebACL),
		"acm:DeleteCertificate":               call(acm.NewFromConfig, (*acm.Client).DeleteCertificate),
		"acm:RequestCertificate":              call(acm.NewFromConfig, (*acm.Client).RequestCertificate),

		"apigateway:UpdateApiKey":           call(apigateway.NewFromConfig, (*apigateway.Client).UpdateApiKey),
		"apigateway:UpdateUsagePlan":        call(apigateway.NewFromConfig, (*apigateway.Client).UpdateUsagePlan),
		"apigateway:DeleteUsagePlanKey":     call(apigateway.NewFromConfig, (*apigateway.Client).DeleteUsagePlanKey),
		"apigateway:UpdateRequestValidator": call(apigateway.NewFromConfig, (*apigateway.Client).UpdateRequestValidator),
		"apigateway:UpdateAuthorizer":       call(apigateway.NewFromConfig, (*apigateway.Client).UpdateAuthorizer),
		"apigateway:DeleteGatewayResponse":  call(apigateway.NewFromConfig, (*apigateway.Client).DeleteGatewayResponse),
		"apigateway:DeleteBasePathMapping":  call(apigateway.NewFromConfig, (*apigateway.Client).DeleteBasePathMapping),
		"apigateway:UpdateDomainName":       call(apigateway.NewFromConfig, (*apigateway.Client).UpdateDomainName),
		"apigateway:DeleteMethod":           call(apigateway.NewFromConfig, (*apigateway.Client).DeleteMethod),
		"apigateway:DeleteStage":            call(apigateway.NewFromConfig, (*apigateway.Client).DeleteStage),
		"apigateway:UpdateIntegration":      call(apigateway.NewFromConfig, (*apigateway.Client).UpdateIntegration),
		"apigateway:UpdateMethod":           call(apigateway.NewFromConfig, (*apigateway.Client).UpdateMethod),
		"apigateway:UpdateRestApi":          call(apigateway.NewFromConfig, (*apigateway.Client).UpdateRestApi),
		"apigateway:UpdateStage":            call(apigateway.NewFromConfig, (*apigateway.Client).UpdateStage),

		"apigatewayv2:DeleteApiMapping":  call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).DeleteApiMapping),
		"apigatewayv2:DeleteRoute":       call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).DeleteRoute),
		"apigatewayv2:UpdateIntegration": call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).UpdateIntegration),
		"apigatewayv2:UpdateRoute":       call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).UpdateRoute),
		"apigatewayv2:UpdateStage":       call(apigatewayv2.NewFromConfig, (*apigatewayv2.Client).UpdateStage),

		"applicationautoscaling:DeleteScalingPolicy":    call(applicationautoscaling.NewFromConfig, (*applicationautoscaling.Client).DeleteScalingPolicy),
		"applicationautoscaling:RegisterScalableTarget": call(applicationautoscaling.NewFromConfig, (*applicationautoscaling.Client).RegisterScalableTarget),

		"applicationautoscaling:PutScalingPolicy":    call(applicationautoscaling.NewFromConfig, (*applicationautoscaling.Client).PutScalingPolicy),
		"autoscaling:DeleteLifecycleHook":            call(autoscaling.NewFromConfig, (*autoscaling.Client).DeleteLifecycleHook),
		"autoscaling:PutScheduledUpdateGroupAction":  call(autoscaling.NewFromConfig, (*autoscaling.Client).PutScheduledUpdateGroupAction),
		"autoscaling:PutScalingPolicy":               call(autoscaling.NewFromConfig, (*autoscaling.Client).PutScalingPolicy),
		"wafv2:GetRegexPatternSet":                   call(wafv2.NewFromConfig, (*wafv2.Client).GetRegexPatternSet),
		"wafv2:UpdateRegexPatternSet":                call(wafv2.NewFromConfig, (*wafv2.Client).UpdateRegexPatternSet),
		"wafv2:PutLoggingConfiguration":              call(wafv2.NewFromConfig, (*wafv2.Client).PutLoggingConfiguration),
		"wafv2:AssociateWebACL":                      call(wafv2.NewFromConfig, (*wafv2.Client).AssociateWebACL),
		"wafv2:CreateWebACL":                         call(wafv2.NewFromConfig, (*wafv2.Client).CreateWebACL),
		"autoscaling:DeletePolicy":                   call(autoscaling.NewFromConfig, (*autoscaling.Client).DeletePolicy),
		"autoscaling:DetachLoadBalancerTargetGroups": call(autoscaling.NewFromConfig, (*autoscaling.Client).DetachLoadBalancerTargetGroups),
		"autoscaling:UpdateAutoScalingGroup":         call(autoscaling.NewFromConfig, (*autoscaling.Client).UpdateAutoScalingGroup),

		"cloudformation:UpdateStack": call(cloudformation.NewFromConfig, (*cloudformation.Client).UpdateStack),

		"cloudwatch:PutCompositeAlarm":   call(cloudwatch.NewFromConfig, (*cloudwatch.Client).PutCompositeAlarm),
		"cloudwatch:DisableAlarmActions": call(cloudwatch.NewFromConfig, (*cloudwatch.Client).DisableAlarmActions),
		"cloudwatch:DeleteAlarms":        call(cloudwatch.NewFromConfig, (*cloudwatch.Client).DeleteAlarms),
		"cloudwatch:PutMetricAlarm":      call(cloudwatch.NewFromConfig, (*cloudwatch.Client).PutMetricAlarm),

		"cognito-idp:DeleteGroup":          call(cognitoidentityprovider.NewFromConfig, (*cognitoidentityprovider.Client).DeleteGroup),
		"cognito-idp:DeleteUserPoolDomain": call(cognitoidentityprovider.NewFromConfig, (*cognitoidentityprovider.Client).DeleteUserPoolDomain),
		"cognito-idp:UpdateResourceServer": call(cognitoidentityprovider.NewFromConfig, (*cognitoidentityprovider.Client).UpdateResourceServer),
		"cognito-idp:UpdateUserPool":       call(cognitoidentityprovider.NewFromConfig, (*cognitoidentityprovider.Client).UpdateUserPool),

		"dynamodb:DeleteTable":             call(dynamodb.NewFromConfig, (*dynamodb.Client).DeleteTable),
		"dynamodb:TagResource":             call(dynamodb.NewFromConfig, (*dynamodb.Client).TagResource),
		"dynamodb:UpdateContinuousBackups": call(dynamodb.NewFromConfig, (*dynamodb.Client).UpdateContinuousBackups),
		"dynamodb:UpdateTable":             call(dynamodb.NewFromConfig, (*dynamodb.Client).UpdateTable),
		"dynamodb:UpdateTimeToLive":        call(dynamodb.NewFromConfig, (*dynamodb.Client).UpdateTimeToLive),

		"ec2:ModifyManagedPrefixList":             call(ec2.NewFromConfig, (*ec2.Client).ModifyManagedPrefixList),
		"ec2:DeleteFlowLogs":                      call(ec2.NewFromConfig, (*ec2.Client).DeleteFlowLogs),
		"ec2:DeleteNetworkAclEntry":               call(ec2.NewFromConfig, (*ec2.Client).DeleteNetworkAclEntry),
		"ec2:DisassociateAddress":                 call(ec2.NewFromConfig, (*ec2.Client).DisassociateAddress),
		"ec2:CreateSecurityGroup":                 call(ec2.NewFromConfig, (*ec2.Client).CreateSecurityGroup),
		"ec2:AuthorizeSecurityGroupIngress":       call(ec2.NewFromConfig, (*ec2.Client).AuthorizeSecurityGroupIngress),
		"ec2:CreateSubnet":                        call(ec2.NewFromConfig, (*ec2.Client).CreateSubnet),
		"ec2:CreateVpcBlockPublicAccessExclusion": call(ec2.NewFromConfig, (*ec2.Client).CreateVpcBlockPublicAccessExclusion),
		"ec2:DeleteVpcBlockPublicAccessExclusion": call(ec2.NewFromConfig, (*ec2.Client).DeleteVpcBlockPublicAccessExclusion),
		"ec2:ModifyVpcBlockPublicAccessOptions":   call(ec2.NewFromConfig, (*ec2.Client).ModifyVpcBlockPublicAccessOptions),
		"ec2:CreateVpc":                           call(ec2.NewFromConfig, (*ec2.Client).CreateVpc),
		"ec2:DeleteRoute":                         call(ec2.NewFromConfig, (*ec2.Client).DeleteRoute),
		"ec2:DeleteVpcEndpoints":                  call(ec2.NewFromConfig, (*ec2.Client).DeleteVpcEndpoints),
		"ec2:RegisterImage":                       call(ec2.NewFromConfig, (*ec2.Client).RegisterImage),
		"ec2:DeregisterImage":                     call(ec2.NewFromConfig, (*ec2.Client).DeregisterImage),
		"ec2:DisableEbsEncryptionByDefault":       call(ec2.NewFromConfig, (*ec2.Client).DisableEbsEncryptionByDefault),
		"ec2:EnableAllowedImagesSettings":         call(ec2.NewFromConfig, (*ec2.Client).EnableAllowedImagesSettings),
		"ec2:EnableEbsEncryptionByDefault":        call(ec2.NewFromConfig, (*ec2.Client).EnableEbsEncryptionByDefault),
		"ec2:ModifyEbsDefaultKmsKeyId":            call(ec2.NewFromConfig, (*ec2.Client).ModifyEbsDefaultKmsKeyId),
		"ec2:ModifyInstanceMetadataDefaults":      call(ec2.NewFromConfig, (*ec2.Client).ModifyInstanceMetadataDefaults),
		"ec2:ModifySubnetAttribute":               call(ec2.NewFromConfig, (*ec2.Client).ModifySubnetAttribute),
		"ec2:ModifyVpcAttribute":                  call(ec2.NewFromConfig, (*ec2.Client).ModifyVpcAttribute),
		"ec2:ModifyVpcEndpoint":                   call(ec2.NewFromConfig, (*ec2.Client).ModifyVpcEndpoint),
		"ec2:ReplaceNetworkAclEntry":              call(ec2.NewFromConfig, (*ec2.Client).ReplaceNetworkAclEntry),
		"ec2:RevokeSecurityGroupEgress":           call(ec2.NewFromConfig, (*ec2.Client).RevokeSecurityGroupEgress),
		"ec2:RevokeSecurityGroupIngress":          call(ec2.NewFromConfig, (*ec2.Client).RevokeSecurityGroupIngress),

		"ecr:PutReplicationConfiguration":      call(ecr.NewFromConfig, (*ecr.Client).PutReplicationConfiguration),
		"ecr:DeleteRegistryPolicy":             call(ecr.NewFromConfig, (*ecr.Client).DeleteRegistryPolicy),
		"ecr:DeleteRepository":                 call(ecr.NewFromConfig, (*ecr.Client).DeleteRepository),
		"ecr:DeleteRepositoryPolicy":           call(ecr.NewFromConfig, (*ecr.Client).DeleteRepositoryPolicy),
		"ecr:PutImageScanningConfiguration":    call(ecr.NewFromConfig, (*ecr.Client).PutImageScanningConfiguration),
		"ecr:PutRegistryScanningConfiguration": call(ecr.NewFromConfig, (*ecr.Client).PutRegistryScanningConfiguration),
		"ecr:PutImageTagMutability":            call(ecr.NewFromConfig, (*ecr.Client).PutImageTagMutability),

		"ecs:UpdateCapacityProvider":      call(ecs.NewFromConfig, (*ecs.Client).UpdateCapacityProvider),
		"ecs:PutClusterCapacityProviders": call(ecs.NewFromConfig, (*ecs.Client).PutClusterCapacityProviders),
		"ecs:DeleteService":               call(ecs.NewFromConfig, (*ecs.Client).DeleteService),
		"ecs:RegisterTaskDefinition":      call(ecs.NewFromConfig, (*ecs.Client).RegisterTaskDefinition),
		"ecs:UpdateService":               call(ecs.NewFromConfig, (*ecs.Client).UpdateService),

		"efs:ModifyMountTargetSecurityGroups": call(efs.NewFromConfig, (*efs.Client).ModifyMountTargetSecurityGroups),
		"efs:PutBackupPolicy":                 call(efs.NewFromConfig, (*efs.Client).PutBackupPolicy),

		"eks:DeleteAccessEntry":        call(eks.NewFromConfig, (*eks.Client).DeleteAccessEntry),
		"eks:DisassociateAccessPolicy": call(eks.NewFromConfig, (*eks.Client).DisassociateAccessPolicy),
		"eks:DeleteFargateProfile":     call(eks.NewFromConfig, (*eks.Client).DeleteFargateProfile),
		"eks:UpdateAddon":              call(eks.NewFromConfig, (*eks.Client).UpdateAddon),
		"eks:UpdateNodegroupConfig":    call(eks.NewFromConfig, (*eks.Client).UpdateNodegroupConfig),

		"elasticache:ModifyServerlessCache":     call(elasticache.NewFromConfig, (*elasticache.Client).ModifyServerlessCache),
		"elasticache:ModifyUser":                call(elasticache.NewFromConfig, (*elasticache.Client).ModifyUser),
		"elasticache:ModifyUserGroup":           call(elasticache.NewFromConfig, (*elasticache.Client).ModifyUserGroup),
		"elasticache:ModifyCacheParameterGroup": call(elasticache.NewFromConfig, (*elasticache.Client).ModifyCacheParameterGroup),
		"elasticache:ModifyReplicationGroup":    call(elasticache.NewFromConfig, (*elasticache.Client).ModifyReplicationGroup),

		"elasticloadbalancing:RemoveListenerCertificates": call(elasticloadbalancingv2.NewFromConfig, (*elasticloadbalancingv2.Client).RemoveListenerCertificates),
		"elasticloadbalancing:CreateListener":             call(elasticloadbalancingv2.NewFromConfig, (*elasticloadbalancingv2.Client).CreateListener),
		"elasticloadbalancing:DeleteListener":             call(elasticloadbalancingv2.NewFromConfig, (*elasticloadbalancingv2.Client).DeleteListener),
		"elasticloadbalancing:DeleteRule":                 call(elasticloadbalancingv2.NewFromConfig, (*elasticloadbalancingv2.Client).DeleteRule),
		"elasticloadbalancing:ModifyTargetGroup":          call(elasticloadbalancingv2.NewFromConfig, (*elasticloadbalancingv2.Client).ModifyTargetGroup),

		"events:DeleteRule":    call(eventbridge.NewFromConfig, (*eventbridge.Client).DeleteRule),
		"events:PutRule":       call(eventbridge.NewFromConfig, (*eventbridge.Client).PutRule),
		"events:PutTargets":    call(eventbridge.NewFromConfig, (*eventbridge.Client).PutTargets),
		"events:RemoveTargets": call(eventbridge.NewFromConfig, (*eventbridge.Client).RemoveTargets),

		"iam:PutGroupPolicy":                        call(iam.NewFromConfig, (*iam.Client).PutGroupPolicy),
		"iam:PutUserPolicy":                         call(iam.NewFromConfig, (*iam.Client).PutUserPolicy),
		"iam:AttachRolePolicy":                      call(iam.NewFromConfig, (*iam.Client).AttachRolePolicy),
		"iam:CreatePolicyVersion":                   call(iam.NewFromConfig, (*iam.Client).CreatePolicyVersion),
		"iam:DeleteRolePolicy":                      call(iam.NewFromConfig, (*iam.Client).DeleteRolePolicy),
		"iam:DetachRolePolicy":                      call(iam.NewFromConfig, (*iam.Client).DetachRolePolicy),
		"iam:PutRolePolicy":                         call(iam.NewFromConfig, (*iam.Client).PutRolePolicy),
		"iam:UpdateAssumeRolePolicy":                call(iam.NewFromConfig, (*iam.Client).UpdateAssumeRolePolicy),
		"iam:UpdateOpenIDConnectProviderThumbprint": call(iam.NewFromConfig, (*iam.Client).UpdateOpenIDConnectProviderThumbprint),
		"iam:DeleteServiceLinkedRole":               call(iam.NewFromConfig, (*iam.Client).DeleteServiceLinkedRole),
		"iam:UpdateRole":                            call(iam.NewFromConfig, (*iam.Client).UpdateRole),

		"kinesis:DecreaseStreamRetentionPeriod": call(kinesis.NewFromConfig, (*kinesis.Client).DecreaseStreamRetentionPeriod),
		"kinesis:StopStreamEncryption":          call(kinesis.NewFromConfig, (*kinesis.Client).StopStreamEncryption),
		"kinesis:UpdateShardCount":              call(kinesis.NewFromConfig, (*kinesis.Client).UpdateShardCount),

		"kms:CreateAlias":         call(kms.NewFromConfig, (*kms.Client).CreateAlias),
		"kms:CreateKey":           call(kms.NewFromConfig, (*kms.Client).CreateKey),
		"kms:DeleteAlias":         call(kms.NewFromConfig, (*kms.Client).DeleteAlias),
		"kms:DisableKey":          call(kms.NewFromConfig, (*kms.Client).DisableKey),
		"kms:DisableKeyRotation":  call(kms.NewFromConfig, (*kms.Client).DisableKeyRotation),
		"kms:PutKeyPolicy":        call(kms.NewFromConfig, (*kms.Client).PutKeyPolicy),
		"kms:ScheduleKeyDeletion": call(kms.NewFromConfig, (*kms.Client).ScheduleKeyDeletion),
		"kms:UpdateAlias":         call(kms.NewFromConfig, (*kms.Client).UpdateAlias),

		"lambda:AddPermission":                   call(lambda.NewFromConfig, (*lambda.Client).AddPermission),
		"lambda:CreateEventSourceMapping":        call(lambda.NewFromConfig, (*lambda.Client).CreateEventSourceMapping),
		"lambda:DeleteAlias":                     call(lambda.NewFromConfig, (*lambda.Client).DeleteAlias),
		"lambda:DeleteEventSourceMapping":        call(lambda.NewFromConfig, (*lambda.Client).DeleteEventSourceMapping),
		"lambda:DeleteFunction":                  call(lambda.NewFromConfig, (*lambda.Client).DeleteFunction),
		"lambda:DeleteFunctionUrlConfig":         call(lambda.NewFromConfig, (*lambda.Client).DeleteFunctionUrlConfig),
		"lambda:PublishVersion":                  call(lambda.NewFromConfig, (*lambda.Client).PublishVersion),
		"lambda:PutFunctionConcurrency":          call(lambda.NewFromConfig, (*lambda.Client).PutFunctionConcurrency),
		"lambda:PutFunctionEventInvokeConfig":    call(lambda.NewFromConfig, (*lambda.Client).PutFunctionEventInvokeConfig),
		"lambda:PutProvisionedConcurrencyConfig": call(lambda.NewFromConfig, (*lambda.Client).PutProvisionedConcurrencyConfig),
		"lambda:RemovePermission":                call(lambda.NewFromConfig, (*lambda.Client).RemovePermission),
		"lambda:UntagResource":                   call(lambda.NewFromConfig, (*lambda.Client).UntagResource),
		"lambda:UpdateAlias":                     call(lambda.NewFromConfig, (*lambda.Client).UpdateAlias),
		"lambda:UpdateEventSourceMapping":        call(lambda.NewFromConfig, (*lambda.Client).UpdateEventSourceMapping),
		"lambda:UpdateFunctionCode":              call(lambda.NewFromConfig, (*lambda.Client).UpdateFunctionCode),
		"lambda:UpdateFunctionConfiguration":     call(lambda.NewFromConfig, (*lambda.Client).UpdateFunctionConfiguration),
		"lambda:UpdateFunctionUrlConfig":         call(lambda.NewFromConfig, (*lambda.Client).UpdateFunctionUrlConfig),

		"logs:DeleteMetricFilter":       call(cloudwatchlogs.NewFromConfig, (*cloudwatchlogs.Client).DeleteMetricFilter),
		"logs:DeleteSubscriptionFilter": call(cloudwatchlogs.NewFromConfig, (*cloudwatchlogs.Client).DeleteSubscriptionFilter),
		"logs:PutResourcePolicy":        call(cloudwatchlogs.NewFromConfig, (*cloudwatchlogs.Client).PutResourcePolicy),
		"logs:DeleteLogGroup":           call(cloudwatchlogs.NewFromConfig, (*cloudwatchlogs.Client).DeleteLogGroup),
		"logs:PutRetentionPolicy":       call(cloudwatchlogs.NewFromConfig, (*cloudwatchlogs.Client).PutRetentionPolicy),

		"rds:ModifyDBProxy":                 call(rds.NewFromConfig, (*rds.Client).ModifyDBProxy),
		"rds:ModifyEventSubscription":       call(rds.NewFromConfig, (*rds.Client).ModifyEventSubscription),
		"rds:RemoveFromGlobalCluster":       call(rds.NewFromConfig, (*rds.Client).RemoveFromGlobalCluster),
		"rds:DeleteDBInstance":              call(rds.NewFromConfig, (*rds.Client).DeleteDBInstance),
		"rds:ModifyDBCluster":               call(rds.NewFromConfig, (*rds.Client).ModifyDBCluster),
		"rds:ModifyDBClusterParameterGroup": call(rds.NewFromConfig, (*rds.Client).ModifyDBClusterParameterGroup),
		"rds:ModifyDBInstance":              call(rds.NewFromConfig, (*rds.Client).ModifyDBInstance),
		"rds:ModifyDBParameterGroup":        call(rds.NewFromConfig, (*rds.Client).ModifyDBParameterGroup),

		"s3:CreateBucket":                       call(s3Client, (*s3.Client).CreateBucket),
		"s3:DeleteBucketPolicy":                 call(s3Client, (*s3.Client).DeleteBucketPolicy),
		"s3:DeleteBucketReplication":            call(s3Client, (*s3.Client).DeleteBucketReplication),
		"s3:PutBucketAcl":                       call(s3Client, (*s3.Client).PutBucketAcl),
		"s3:PutBucketCors":                      call(s3Client, (*s3.Client).PutBucketCors),
		"s3:PutBucketEncryption":                call(s3Client, (*s3.Client).PutBucketEncryption),
		"s3:PutBucketLifecycleConfiguration":    call(s3Client, (*s3.Client).PutBucketLifecycleConfiguration),
		"s3:PutBucketNotificationConfiguration": call(s3Client, (*s3.Client).PutBucketNotificationConfiguration),
		"s3:PutBucketOwnershipControls":         call(s3Client, (*s3.Client).PutBucketOwnershipControls),
		"s3:PutBucketRequestPayment":            call(s3Client, (*s3.Client).PutBucketRequestPayment),
		"s3:PutBucketPolicy":                    call(s3Client, (*s3.Client).PutBucketPolicy),
		"s3:PutBucketTagging":                   call(s3Client, (*s3.Client).PutBucketTagging),
		"s3:PutBucketVersioning":                call(s3Client, (*s3.Client).PutBucketVersioning),
		"s3:PutObject":                          putObject,
		"s3:PutPublicAccessBlock":               call(s3Client, (*s3.Client).PutPublicAccessBlock),

		"s3control:PutPublicAccessBlock": call(s3ControlClient, (*s3control.Client).PutPublicAccessBlock),

		"scheduler:DeleteSchedule": call(scheduler.NewFromConfig, (*scheduler.Client).DeleteSchedule),
		"scheduler:UpdateSchedule": call(scheduler.NewFromConfig, (*scheduler.Client).UpdateSchedule),

		"secretsmanager:CancelRotateSecret":           call(secretsmanager.NewFromConfig, (*secretsmanager.Client).CancelRotateSecret),
		"secretsmanager:DeleteResourcePolicy":         call(secretsmanager.NewFromConfig, (*secretsmanager.Client).DeleteResourcePolicy),
		"secretsmanager:CreateSecret":                 call(secretsmanager.NewFromConfig, (*secretsmanager.Client).CreateSecret),
		"secretsmanager:DeleteSecret":                 call(secretsmanager.NewFromConfig, (*secretsmanager.Client).DeleteSecret),
		"secretsmanager:PutResourcePolicy":            call(secretsmanager.NewFromConfig, (*secretsmanager.Client).PutResourcePolicy),
		"secretsmanager:RemoveRegionsFromReplication": call(secretsmanager.NewFromConfig, (*secretsmanager.Client).RemoveRegionsFromReplication),
		"secretsmanager:UntagResource":                call(secretsmanager.NewFromConfig, (*secretsmanager.Client).UntagResource),
		"secretsmanager:UpdateSecret":                 call(secretsmanager.NewFromConfig, (*secretsmanager.Client).UpdateSecret),

		"sns:DeleteTopic":               call(sns.NewFromConfig, (*sns.Client).DeleteTopic),
		"sns:SetSubscriptionAttributes": call(sns.NewFromConfig, (*sns.Client).SetSubscriptionAttributes),
		"sns:SetTopicAttributes":        call(sns.NewFromConfig, (*sns.Client).SetTopicAttributes),
		"sns:Unsubscribe":               call(sns.NewFromConfig, (*sns.Client).Unsubscribe),

		"sqs:DeleteQueue":        call(sqs.NewFromConfig, (*sqs.Client).DeleteQueue),
		"sqs:SetQueueAttributes": call(sqs.NewFromConfig, (*sqs.Client).SetQueueAttributes),
		"sqs:TagQueue":           call(sqs.NewFromConfig, (*sqs.Client).TagQueue),
		"sqs:UntagQueue":         call(sqs.NewFromConfig, (*sqs.Client).UntagQueue),

		"ssm:DeleteParameter": call(ssm.NewFromConfig, (*ssm.Client).DeleteParameter),
		"ssm:PutParameter":    call(ssm.NewFromConfig, (*ssm.Client).PutParameter),

		"states:UpdateStateMachine": call(sfn.NewFromConfig, (*sfn.Client).UpdateStateMachine),

		"wafv2:GetIPSet":    call(wafv2.NewFromConfig, (*wafv2.Client).GetIPSet),
		"wafv2:UpdateIPSet": call(wafv2.NewFromConfig, (*wafv2.Client).UpdateIPSet),

		"classicelb:ModifyLoadBalancerAttributes": call(elasticloadbalancing.NewFromConfig, (*elasticloadbalancing.Client).ModifyLoadBalancerAttributes),

		"opensearch:UpdateDomainConfig": call(opensearch.NewFromConfig, (*opensearch.Client).UpdateDomainConfig),

		"route53:ChangeResourceRecordSets": call(route53.NewFromConfig, (*route53.Client).ChangeResourceRecordSets),
		"route53:UpdateHealthCheck":        call(route53.NewFromConfig, (*route53.Client).UpdateHealthCheck),
	}
}

// statementOf gives an operation on one statement of a layer's policy the name that
// CloudFormation's id of the permission ends in.
func statementOf(do operation) operation {
	return func(ctx context.Context, cfg aws.Config, with map[string]any) (any, error) {
		with = maps.Clone(with)
		id, _ := with["StatementId"].(string)
		_, with["StatementId"], _ = strings.Cut(id, "#")
		return do(ctx, cfg, with)
	}
}
