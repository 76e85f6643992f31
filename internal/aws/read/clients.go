package read

import (
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// Clients are one Region's services, as far as they are read.
type Clients struct {
	openSearch   openSearchAPI
	backup       backupAPI
	efs          efsAPI
	waf          wafAPI
	route53      route53API
	cache        cacheAPI
	acm          acmAPI
	apiGateway   apiGatewayAPI
	cloudControl cloudControlAPI
	cloudWatch   cloudWatchAPI
	dynamoDB     dynamoDBAPI
	ec2          ec2API
	ecs          ecsAPI
	events       eventsAPI
	iam          iamAPI
	kms          kmsAPI
	lambda       lambdaAPI
	logs         logsAPI
	rds          rdsAPI
	s3           s3API
	secrets      secretsAPI
	sns          snsAPI
	sqs          sqsAPI
	ssm          ssmAPI
	applicationClients
	networkClients
}

// NewClients makes the clients of one Region.
func NewClients(region session.ReadOnly) Clients {
	cfg := region.Config()
	return Clients{
		openSearch:   opensearch.NewFromConfig(cfg),
		backup:       backup.NewFromConfig(cfg),
		efs:          efs.NewFromConfig(cfg),
		waf:          wafv2.NewFromConfig(cfg),
		route53:      route53.NewFromConfig(cfg),
		cache:        elasticache.NewFromConfig(cfg),
		acm:          acm.NewFromConfig(cfg),
		apiGateway:   apigateway.NewFromConfig(cfg),
		cloudControl: cloudcontrol.NewFromConfig(cfg),
		cloudWatch:   cloudwatch.NewFromConfig(cfg, region.CloudWatch),
		dynamoDB:     dynamodb.NewFromConfig(cfg),
		ec2:          ec2.NewFromConfig(cfg),
		ecs:          ecs.NewFromConfig(cfg),
		events:       eventbridge.NewFromConfig(cfg),
		iam:          iam.NewFromConfig(cfg),
		kms:          kms.NewFromConfig(cfg),
		lambda:       lambda.NewFromConfig(cfg),
		logs:         cloudwatchlogs.NewFromConfig(cfg),
		rds:          rds.NewFromConfig(cfg),
		s3:           s3.NewFromConfig(cfg, region.S3),
		secrets:      secretsmanager.NewFromConfig(cfg),
		sns:          sns.NewFromConfig(cfg),
		sqs:          sqs.NewFromConfig(cfg),
		ssm:          ssm.NewFromConfig(cfg),

		applicationClients: newApplicationClients(cfg),
		networkClients:     newNetworkClients(cfg),
	}
}
