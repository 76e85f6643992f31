package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type rdsAPI interface {
	DescribeDBInstances(context.Context, *rds.DescribeDBInstancesInput, ...func(*rds.Options)) (*rds.DescribeDBInstancesOutput, error)
	DescribeDBClusters(context.Context, *rds.DescribeDBClustersInput, ...func(*rds.Options)) (*rds.DescribeDBClustersOutput, error)
	DescribeGlobalClusters(context.Context, *rds.DescribeGlobalClustersInput, ...func(*rds.Options)) (*rds.DescribeGlobalClustersOutput, error)
	DescribeDBParameterGroups(context.Context, *rds.DescribeDBParameterGroupsInput, ...func(*rds.Options)) (*rds.DescribeDBParameterGroupsOutput, error)
	DescribeDBClusterParameterGroups(context.Context, *rds.DescribeDBClusterParameterGroupsInput, ...func(*rds.Options)) (*rds.DescribeDBClusterParameterGroupsOutput, error)
	DescribeDBParameters(context.Context, *rds.DescribeDBParametersInput, ...func(*rds.Options)) (*rds.DescribeDBParametersOutput, error)
	DescribeDBClusterParameters(context.Context, *rds.DescribeDBClusterParametersInput, ...func(*rds.Options)) (*rds.DescribeDBClusterParametersOutput, error)
	DescribeDBSubnetGroups(context.Context, *rds.DescribeDBSubnetGroupsInput, ...func(*rds.Options)) (*rds.DescribeDBSubnetGroupsOutput, error)
	DescribeOptionGroups(context.Context, *rds.DescribeOptionGroupsInput, ...func(*rds.Options)) (*rds.DescribeOptionGroupsOutput, error)
	DescribeDBProxies(context.Context, *rds.DescribeDBProxiesInput, ...func(*rds.Options)) (*rds.DescribeDBProxiesOutput, error)
	DescribeEventSubscriptions(context.Context, *rds.DescribeEventSubscriptionsInput, ...func(*rds.Options)) (*rds.DescribeEventSubscriptionsOutput, error)
	ListTagsForResource(context.Context, *rds.ListTagsForResourceInput, ...func(*rds.Options)) (*rds.ListTagsForResourceOutput, error)
}

// rdsPerPage is the most that RDS describes in a call.
const rdsPerPage = 100

func rdsReader() reader {
	describe := func(operation string) []string { return []string{"rds:" + operation, "rds:ListTagsForResource"} }
	password := "the master user's password is never asked for; AWS returns it to nobody"
	return reader{
		specs: []Spec{
			{Type: "AWS::RDS::DBInstance", Properties: append(renamed(dbInstanceFields), dbInstanceMore...), Actions: describe("DescribeDBInstances")[:1],
				Batch: perCall(rdsPerPage), Facts: []string{drift.FactDBInstanceState}, Secret: password,
				Identities: []string{"DBInstanceArn", "DBInstanceIdentifier", "DbiResourceId", "Endpoint.Address", "MasterUserSecret.SecretArn"}},
			{Type: "AWS::RDS::DBCluster", Properties: append(renamed(dbClusterFields), dbClusterMore...), Actions: describe("DescribeDBClusters")[:1],
				Batch: perCall(rdsPerPage), Facts: []string{drift.FactDBClusterState}, Secret: password,
				Identities: []string{"DBClusterArn", "DBClusterIdentifier", "DBClusterResourceId", "Endpoint.Address", "ReadEndpoint.Address",
					"MasterUserSecret.SecretArn"}},
			{Type: "AWS::RDS::GlobalCluster", Properties: append(renamed(globalClusterFields), "SourceDBClusterIdentifier", "Tags"),
				Actions: describe("DescribeGlobalClusters")[:1], Batch: perCall(rdsPerPage), Facts: []string{drift.FactGlobalClusterState},
				Identities: []string{"GlobalClusterArn", "GlobalClusterIdentifier", "GlobalEndpoint.Address"}},
			{Type: "AWS::RDS::DBParameterGroup", Properties: []string{"DBParameterGroupName", "Description", "Family", "Parameters", "Tags"},
				Actions: append(describe("DescribeDBParameterGroups"), "rds:DescribeDBParameters"), Batch: perCall(rdsPerPage),
				Identities: []string{"DBParameterGroupArn", "DBParameterGroupName"}},
			{Type: "AWS::RDS::DBClusterParameterGroup", Properties: []string{"DBClusterParameterGroupName", "Description", "Family", "Parameters", "Tags"},
				Actions: append(describe("DescribeDBClusterParameterGroups"), "rds:DescribeDBClusterParameters"), Batch: perCall(rdsPerPage),
				Identities: []string{"DBClusterParameterGroupArn", "DBClusterParameterGroupName"}},
			{Type: "AWS::RDS::DBSubnetGroup", Properties: []string{"DBSubnetGroupName", "DBSubnetGroupDescription", "SubnetIds", "Tags"},
				Actions: describe("DescribeDBSubnetGroups"), Batch: perCall(rdsPerPage), Identities: []string{"DBSubnetGroupArn", "DBSubnetGroupName"}},
			{Type: "AWS::RDS::OptionGroup", Properties: []string{"OptionGroupName", "OptionGroupDescription", "EngineName", "MajorEngineVersion",
				"OptionConfigurations", "Tags"}, Actions: describe("DescribeOptionGroups"), Batch: perCall(rdsPerPage),
				Identities: []string{"OptionGroupArn", "OptionGroupName"}},
			{Type: "AWS::RDS::DBProxy", Properties: append(renamed(dbProxyFields), "Tags"), Actions: describe("DescribeDBProxies"), Batch: perCall(rdsPerPage),
				Identities: []string{"DBProxyArn", "DBProxyName", "Endpoint"}},
			{Type: "AWS::RDS::EventSubscription", Properties: append(renamed(eventSubscriptionFields), "Tags"), Actions: describe("DescribeEventSubscriptions"),
				Batch: perCall(rdsPerPage), Identities: []string{"EventSubscriptionArn", "SubscriptionName"}},
		},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			byType(ctx, items, map[string]func([]inventory.Item){
				"AWS::RDS::DBInstance":              func(l []inventory.Item) { r.dbInstances().read(ctx, r, l) },
				"AWS::RDS::DBCluster":               func(l []inventory.Item) { r.dbClusters().read(ctx, r, l) },
				"AWS::RDS::GlobalCluster":           func(l []inventory.Item) { r.globalClusters().read(ctx, r, l) },
				"AWS::RDS::DBParameterGroup":        func(l []inventory.Item) { r.dbParameterGroups().read(ctx, r, l) },
				"AWS::RDS::DBClusterParameterGroup": func(l []inventory.Item) { r.dbClusterParameterGroups().read(ctx, r, l) },
				"AWS::RDS::DBSubnetGroup":           func(l []inventory.Item) { r.dbSubnetGroups().read(ctx, r, l) },
				"AWS::RDS::OptionGroup":             func(l []inventory.Item) { r.optionGroups().read(ctx, r, l) },
				"AWS::RDS::DBProxy":                 func(l []inventory.Item) { r.dbProxies().read(ctx, r, l) },
				"AWS::RDS::EventSubscription":       func(l []inventory.Item) { r.eventSubscriptions().read(ctx, r, l) },
			})
		},
	}
}

// rdsTags reads the tags of what RDS describes without them.
func (r *run) rdsTags(ctx context.Context, item inventory.Item, arn *string, o *object) {
	out, err := r.clients.rds.ListTagsForResource(ctx, &rds.ListTagsForResourceInput{ResourceName: arn})
	if err != nil {
		r.partial(item, "Tags", err)
		return
	}
	o.tagList(out.TagList, "Key", "Value")
}

func rdsPage() *int32 { return aws.Int32(rdsPerPage) }
