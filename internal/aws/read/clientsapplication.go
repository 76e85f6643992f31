package read

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/kafka"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
)

// applicationClients are the services that applications are built from beside
// functions, tables and queues.
type applicationClients struct {
	apiGatewayAccess apiGatewayAccessAPI
	apiGatewayParts  apiGatewayPartsAPI
	apiGatewayV2     apiGatewayV2API
	appScaling       appScalingAPI
	cognito          cognitoAPI
	ecr              ecrAPI
	eks              eksAPI
	kafka            kafkaAPI
	kinesis          kinesisAPI
	scheduler        schedulerAPI
	stepFunctions    stepFunctionsAPI
	tagging          taggingAPI
}

func newApplicationClients(cfg aws.Config) applicationClients {
	rest := apigateway.NewFromConfig(cfg)
	return applicationClients{
		apiGatewayAccess: rest,
		apiGatewayParts:  rest,
		apiGatewayV2:     apigatewayv2.NewFromConfig(cfg),
		appScaling:       applicationautoscaling.NewFromConfig(cfg),
		cognito:          cognitoidentityprovider.NewFromConfig(cfg),
		ecr:              ecr.NewFromConfig(cfg),
		eks:              eks.NewFromConfig(cfg),
		kafka:            kafka.NewFromConfig(cfg),
		kinesis:          kinesis.NewFromConfig(cfg),
		scheduler:        scheduler.NewFromConfig(cfg),
		stepFunctions:    sfn.NewFromConfig(cfg),
		tagging:          resourcegroupstaggingapi.NewFromConfig(cfg),
	}
}
