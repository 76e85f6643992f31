package evidence

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"
	"golang.org/x/sync/errgroup"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type quotasAPI interface {
	GetServiceQuota(context.Context, *servicequotas.GetServiceQuotaInput, ...func(*servicequotas.Options)) (*servicequotas.GetServiceQuotaOutput, error)
	GetAWSDefaultServiceQuota(context.Context, *servicequotas.GetAWSDefaultServiceQuotaInput, ...func(*servicequotas.Options)) (*servicequotas.GetAWSDefaultServiceQuotaOutput, error)
}

// quota is one limit that a standby may hit when it takes the whole load. It is
// read when the application has a resource of one of the types; a type that ends
// in "::" is every one of its service.
type quota struct {
	service, code, name string
	types               []string
}

// quotas are the limits that matter for a takeover. Source of the codes:
// `aws service-quotas list-aws-default-service-quotas`.
var quotas = []quota{
	{"lambda", "L-B99A9384", "Concurrent executions", []string{"AWS::Lambda::Function"}},
	{"ec2", "L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", runsInstances},
	{"ec2", "L-DB2E81BA", "Running On-Demand G and VT instances", runsInstances},
	{"ec2", "L-417A185B", "Running On-Demand P instances", runsInstances},
	{"ec2", "L-34B43A08", "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", runsInstances},
	{"ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", []string{"AWS::EC2::EIP", "AWS::EC2::NatGateway"}},
	{"vpc", "L-F678F1CE", "VPCs per Region", []string{"AWS::EC2::VPC"}},
	{"vpc", "L-FE5A380F", "NAT gateways per Availability Zone", []string{"AWS::EC2::NatGateway"}},
	{"vpc", "L-DF5E4CA3", "Network interfaces per Region", append([]string{"AWS::ECS::Service", "AWS::ElasticLoadBalancingV2::LoadBalancer"}, runsInstances...)},
	{"vpc", "L-E79EC296", "VPC security groups per Region", []string{"AWS::EC2::SecurityGroup"}},
	{"elasticloadbalancing", "L-53DA6B97", "Application Load Balancers per Region", []string{"AWS::ElasticLoadBalancingV2::LoadBalancer"}},
	{"elasticloadbalancing", "L-69A177A2", "Network Load Balancers per Region", []string{"AWS::ElasticLoadBalancingV2::LoadBalancer"}},
	{"elasticloadbalancing", "L-B22855CB", "Target Groups per Region", []string{"AWS::ElasticLoadBalancingV2::TargetGroup"}},
	{"autoscaling", "L-CDE20ADC", "Auto Scaling groups per region", []string{"AWS::AutoScaling::AutoScalingGroup"}},
	{"fargate", "L-3032A538", "Fargate On-Demand vCPU resource count", []string{"AWS::ECS::Service"}},
	{"eks", "L-1194D53C", "Clusters", []string{"AWS::EKS::Cluster"}},
	{"rds", "L-7B6409FD", "DB instances", []string{"AWS::RDS::DBInstance"}},
	{"rds", "L-952B80B8", "DB clusters", []string{"AWS::RDS::DBCluster"}},
	{"rds", "L-7ADDB58A", "Total storage for all DB instances", []string{"AWS::RDS::DBInstance"}},
	{"dynamodb", "L-F98FE922", "Maximum number of tables", []string{"AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"}},
	{"elasticache", "L-DFE45DF3", "Nodes per Region", []string{"AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::CacheCluster"}},
	{"elasticfilesystem", "L-848C634D", "File systems per account", []string{"AWS::EFS::FileSystem"}},
	{"apigateway", "L-8A5B8E43", "Throttle rate", []string{"AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"}},
	{"sns", "L-61103206", "Topics per Account", []string{"AWS::SNS::Topic"}},
	{"events", "L-244521F2", "Number of rules", []string{"AWS::Events::Rule"}},
	{"kms", "L-C2F1777E", "Customer Master Keys (CMKs)", []string{"AWS::KMS::Key", "AWS::KMS::ReplicaKey"}},
	{"cloudformation", "L-0485CB21", "Stack count", []string{"AWS::CloudFormation::Stack"}},
}

var runsInstances = []string{"AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::AutoScalingGroup", "AWS::EKS::Nodegroup"}

func uses(types []string, in []string) bool {
	return slices.ContainsFunc(types, func(t string) bool { return slices.Contains(in, t) })
}

func typesOf(items []inventory.Item) []string {
	var types []string
	for _, item := range items {
		types = append(types, item.Type)
	}
	slices.Sort(types)
	return slices.Compact(types)
}

// quotaActions are the permissions for the quotas of the types.
func quotaActions(types []string) []string {
	if !drawsOnQuotas(types) {
		return nil
	}
	return []string{"servicequotas:GetServiceQuota", "servicequotas:GetAWSDefaultServiceQuota"}
}

// limits reads the quotas of the Region that the application's types draw on.
func (g *gatherer) limits(ctx context.Context, items []inventory.Item) {
	types := typesOf(items)
	var group errgroup.Group
	group.SetLimit(inFlight)
	for _, q := range quotas {
		if g.quotas != nil && uses(q.types, types) {
			group.Go(func() error { g.quota(ctx, q); return nil })
		}
	}
	_ = group.Wait() // failures are gaps
}

// QuotasOf are the subjects of the quotas that resources of the types draw on.
func QuotasOf(types []string) []string {
	var subjects []string
	for _, q := range quotas {
		if uses(q.types, types) {
			subjects = append(subjects, q.service+"/"+q.code)
		}
	}
	return subjects
}

// Quotas reads quotas of a Region by their subjects ("rds/L-7B6409FD"), whatever
// the application has there.
func Quotas(ctx context.Context, region session.ReadOnly, subjects []string) Found {
	g := gatherer{region: region.Region(), quotas: servicequotas.NewFromConfig(region.Config())}
	var group errgroup.Group
	group.SetLimit(inFlight)
	for _, q := range quotas {
		if slices.Contains(subjects, q.service+"/"+q.code) {
			group.Go(func() error { g.quota(ctx, q); return nil })
		}
	}
	_ = group.Wait() // failures are gaps
	return g.found
}

// quota reads the value applied to the account or, where nobody ever asked for
// another one and AWS therefore has none, its default.
func (g *gatherer) quota(ctx context.Context, q quota) {
	subject := q.service + "/" + q.code
	applied, err := g.quotas.GetServiceQuota(ctx, &servicequotas.GetServiceQuotaInput{ServiceCode: &q.service, QuotaCode: &q.code})
	if err == nil && applied.Quota != nil && applied.Quota.Value != nil {
		g.quotaFact(subject, applied.Quota, false)
		return
	}
	if err != nil && session.Classify(err).Reason != session.NotFound {
		g.failed(drift.FactQuota, subject, "", err)
		return
	}
	def, err := g.quotas.GetAWSDefaultServiceQuota(ctx, &servicequotas.GetAWSDefaultServiceQuotaInput{ServiceCode: &q.service, QuotaCode: &q.code})
	switch {
	case err != nil && session.Classify(err).Reason == session.NotFound:
		// The Region has no such quota, so that nothing can run into it.
		g.fact(drift.FactQuota, subject, map[string]any{"Name": q.name, "Value": nil})
	case err != nil:
		g.failed(drift.FactQuota, subject, "", err)
	case def.Quota == nil || def.Quota.Value == nil:
		g.gap(drift.Gap{Resource: subject, Fact: drift.FactQuota, Operation: "servicequotas:GetAWSDefaultServiceQuota", Reason: session.BadResponse,
			Message: "the answer has no value for " + q.name})
	default:
		g.quotaFact(subject, def.Quota, true)
	}
}

func (g *gatherer) quotaFact(subject string, q *types.ServiceQuota, byDefault bool) {
	g.fact(drift.FactQuota, subject, map[string]any{"Name": aws.ToString(q.QuotaName), "Value": q.Value, "Unit": strings.TrimSpace(aws.ToString(q.Unit)), "Default": byDefault})
}
