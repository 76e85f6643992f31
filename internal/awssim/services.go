package awssim

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/acm"
	"github.com/lockstep-dr/lockstep/internal/awssim/apigateway"
	"github.com/lockstep-dr/lockstep/internal/awssim/apigatewayv2"
	"github.com/lockstep-dr/lockstep/internal/awssim/appscaling"
	"github.com/lockstep-dr/lockstep/internal/awssim/autoscaling"
	"github.com/lockstep-dr/lockstep/internal/awssim/cfn"
	"github.com/lockstep-dr/lockstep/internal/awssim/cloudcontrol"
	"github.com/lockstep-dr/lockstep/internal/awssim/cloudwatch"
	"github.com/lockstep-dr/lockstep/internal/awssim/cognito"
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/dynamodb"
	"github.com/lockstep-dr/lockstep/internal/awssim/ec2"
	"github.com/lockstep-dr/lockstep/internal/awssim/ecr"
	"github.com/lockstep-dr/lockstep/internal/awssim/ecs"
	"github.com/lockstep-dr/lockstep/internal/awssim/eks"
	"github.com/lockstep-dr/lockstep/internal/awssim/elasticache"
	"github.com/lockstep-dr/lockstep/internal/awssim/elb"
	"github.com/lockstep-dr/lockstep/internal/awssim/events"
	"github.com/lockstep-dr/lockstep/internal/awssim/iam"
	"github.com/lockstep-dr/lockstep/internal/awssim/kinesis"
	"github.com/lockstep-dr/lockstep/internal/awssim/kms"
	"github.com/lockstep-dr/lockstep/internal/awssim/lambda"
	"github.com/lockstep-dr/lockstep/internal/awssim/logs"
	"github.com/lockstep-dr/lockstep/internal/awssim/msk"
	"github.com/lockstep-dr/lockstep/internal/awssim/rds"
	"github.com/lockstep-dr/lockstep/internal/awssim/s3"
	"github.com/lockstep-dr/lockstep/internal/awssim/scheduler"
	"github.com/lockstep-dr/lockstep/internal/awssim/secretsmanager"
	"github.com/lockstep-dr/lockstep/internal/awssim/sns"
	"github.com/lockstep-dr/lockstep/internal/awssim/sqs"
	"github.com/lockstep-dr/lockstep/internal/awssim/ssm"
	"github.com/lockstep-dr/lockstep/internal/awssim/stepfunctions"
	"github.com/lockstep-dr/lockstep/internal/awssim/sts"
	"github.com/lockstep-dr/lockstep/internal/awssim/tagging"
)

// services lists what the simulator simulates. A new service is one line here.
func services(sessions *sts.Sessions, engine *cfn.Engine) []core.Service {
	return []core.Service{
		sts.Service(sessions),
		engine.Service(),
		elasticache.Service(),
		acm.Service(),
		apigateway.Service(),
		apigatewayv2.Service(),
		appscaling.Service(),
		autoscaling.Service(),
		cloudcontrol.Service(),
		cognito.Service(),
		cloudwatch.Service(),
		dynamodb.Service(),
		ec2.Service(),
		ecr.Service(),
		ecs.Service(),
		eks.Service(),
		elb.Service(),
		events.Service(),
		iam.Service(),
		kinesis.Service(),
		kms.Service(),
		lambda.Service(),
		logs.Service(),
		msk.Service(),
		rds.Service(),
		s3.Service(),
		scheduler.Service(),
		secretsmanager.Service(),
		sns.Service(),
		sqs.Service(),
		ssm.Service(),
		stepfunctions.Service(),
		tagging.Service(),
	}
}
