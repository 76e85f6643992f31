package read

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	httptypes "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	cognitotypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/kafka"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// answersWithALack are the types whose calls answer well and without the
// resource when it does not exist, with such answers.
var answersWithALack = map[string]map[string]any{
	"AWS::ApplicationAutoScaling::ScalableTarget": {
		"Application Auto Scaling DescribeScalableTargets":  &applicationautoscaling.DescribeScalableTargetsOutput{},
		"Application Auto Scaling DescribeScheduledActions": &applicationautoscaling.DescribeScheduledActionsOutput{},
	},
	"AWS::ApplicationAutoScaling::ScalingPolicy": {
		"Application Auto Scaling DescribeScalingPolicies": &applicationautoscaling.DescribeScalingPoliciesOutput{}},
	"AWS::MSK::Cluster":           {"Kafka ListClustersV2": &kafka.ListClustersV2Output{}},
	"AWS::MSK::ServerlessCluster": {"Kafka ListClustersV2": &kafka.ListClustersV2Output{}},
	"AWS::ECR::ReplicationConfiguration": {
		"ECR DescribeRegistry": &ecr.DescribeRegistryOutput{RegistryId: aws.String(acct)}},
	"AWS::Cognito::UserPoolDomain": {"Cognito Identity Provider DescribeUserPoolDomain": &cognitoidentityprovider.DescribeUserPoolDomainOutput{
		DomainDescription: &cognitotypes.DomainDescriptionType{}}},
	"AWS::ApiGateway::Account": {}, // it always exists: an account without a role is what is left
}

// What lists, where the rest of a service's types say that something is unknown.
var emptyLists = map[string]map[string]any{
	"AWS::ApiGatewayV2::Route":         {"ApiGatewayV2 GetRoutes": &apigatewayv2.GetRoutesOutput{Items: []httptypes.Route{{RouteId: aws.String("other")}}}},
	"AWS::ApiGatewayV2::Integration":   {"ApiGatewayV2 GetIntegrations": &apigatewayv2.GetIntegrationsOutput{}},
	"AWS::ApiGatewayV2::Stage":         {"ApiGatewayV2 GetStages": &apigatewayv2.GetStagesOutput{}},
	"AWS::ApiGatewayV2::Authorizer":    {"ApiGatewayV2 GetAuthorizers": &apigatewayv2.GetAuthorizersOutput{}},
	"AWS::ApiGatewayV2::Deployment":    {"ApiGatewayV2 GetDeployments": &apigatewayv2.GetDeploymentsOutput{}},
	"AWS::ApiGateway::Authorizer":      {"API Gateway GetAuthorizers": &apigateway.GetAuthorizersOutput{}},
	"AWS::ApiGateway::Model":           {"API Gateway GetModels": &apigateway.GetModelsOutput{}},
	"AWS::ApiGateway::GatewayResponse": {"API Gateway GetGatewayResponses": &apigateway.GetGatewayResponsesOutput{Items: []apitypes.GatewayResponse{{ResponseType: "DEFAULT_4XX", DefaultResponse: true}}}},
	"AWS::ECR::Repository":             {"ECR DescribeRepositories": &ecr.DescribeRepositoriesOutput{}},
}

func TestAnswersWithoutTheResourceMeanGone(t *testing.T) {
	for _, tables := range []map[string]map[string]any{answersWithALack, emptyLists} {
		for typ, table := range tables {
			if len(table) == 0 {
				continue
			}
			item := sampleOf(typ)
			result := readAll(t, by(table), request(item))
			if _, gone := result.fact(drift.FactGone, item.Key); !gone || len(result.Gaps) != 0 || len(result.Resources) != 0 {
				t.Errorf("%s: gone %v, resources %d, gaps %+v", typ, gone, len(result.Resources), result.Gaps)
			}
		}
	}
}

// An answer that describes nothing is no absence: no service says it that way.
func TestAnswersThatDescribeNothingAreGaps(t *testing.T) {
	for typ, table := range map[string]map[string]any{
		"AWS::Lambda::LayerVersion":            {"Lambda GetLayerVersionByArn": &lambda.GetLayerVersionByArnOutput{}},
		"AWS::Kinesis::Stream":                 {"Kinesis DescribeStreamSummary": &kinesis.DescribeStreamSummaryOutput{}},
		"AWS::Kinesis::StreamConsumer":         {"Kinesis DescribeStreamConsumer": &kinesis.DescribeStreamConsumerOutput{}},
		"AWS::EKS::Cluster":                    {"EKS DescribeCluster": &eks.DescribeClusterOutput{}},
		"AWS::EKS::Nodegroup":                  {"EKS DescribeNodegroup": &eks.DescribeNodegroupOutput{}},
		"AWS::EKS::Addon":                      {"EKS DescribeAddon": &eks.DescribeAddonOutput{}},
		"AWS::EKS::FargateProfile":             {"EKS DescribeFargateProfile": &eks.DescribeFargateProfileOutput{}},
		"AWS::EKS::AccessEntry":                {"EKS DescribeAccessEntry": &eks.DescribeAccessEntryOutput{}},
		"AWS::Cognito::UserPool":               {"Cognito Identity Provider DescribeUserPool": &cognitoidentityprovider.DescribeUserPoolOutput{}},
		"AWS::Cognito::UserPoolClient":         {"Cognito Identity Provider DescribeUserPoolClient": &cognitoidentityprovider.DescribeUserPoolClientOutput{}},
		"AWS::Cognito::UserPoolGroup":          {"Cognito Identity Provider GetGroup": &cognitoidentityprovider.GetGroupOutput{}},
		"AWS::Cognito::UserPoolResourceServer": {"Cognito Identity Provider DescribeResourceServer": &cognitoidentityprovider.DescribeResourceServerOutput{}},
	} {
		result := readAll(t, by(table), request(sampleOf(typ)))
		if gaps := result.gapsOf("", ""); len(gaps) != 1 || gaps[0].Reason != session.BadResponse || len(result.Resources) != 0 {
			t.Errorf("%s: resources %d, gaps %+v", typ, len(result.Resources), result.Gaps)
		}
	}
}
