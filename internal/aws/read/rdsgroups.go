package read

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func (r *run) dbParameterGroups() catalogue[types.DBParameterGroup] {
	return catalogue[types.DBParameterGroup]{
		what: "a parameter group name",
		page: func(ctx context.Context, marker *string) ([]types.DBParameterGroup, *string, error) {
			out, err := r.clients.rds.DescribeDBParameterGroups(ctx, &rds.DescribeDBParameterGroupsInput{Marker: marker, MaxRecords: rdsPage()})
			if err != nil {
				return nil, nil, err
			}
			return out.DBParameterGroups, out.Marker, nil
		},
		id: func(g types.DBParameterGroup) string { return aws.ToString(g.DBParameterGroupName) },
		found: func(ctx context.Context, item inventory.Item, g types.DBParameterGroup) {
			o := newObject().take(g, "DBParameterGroupName", "Description", "DBParameterGroupFamily:Family").
				identity("DBParameterGroupName", aws.ToString(g.DBParameterGroupName)).identity("DBParameterGroupArn", aws.ToString(g.DBParameterGroupArn))
			r.groupParameters(ctx, item, o, r.dbParameters, aws.ToString(g.DBParameterGroupName))
			r.rdsTags(ctx, item, g.DBParameterGroupArn, o)
			r.found(item, o)
		},
	}
}

func (r *run) dbClusterParameterGroups() catalogue[types.DBClusterParameterGroup] {
	return catalogue[types.DBClusterParameterGroup]{
		what: "a parameter group name",
		page: func(ctx context.Context, marker *string) ([]types.DBClusterParameterGroup, *string, error) {
			out, err := r.clients.rds.DescribeDBClusterParameterGroups(ctx, &rds.DescribeDBClusterParameterGroupsInput{Marker: marker, MaxRecords: rdsPage()})
			if err != nil {
				return nil, nil, err
			}
			return out.DBClusterParameterGroups, out.Marker, nil
		},
		id: func(g types.DBClusterParameterGroup) string { return aws.ToString(g.DBClusterParameterGroupName) },
		found: func(ctx context.Context, item inventory.Item, g types.DBClusterParameterGroup) {
			o := newObject().take(g, "DBClusterParameterGroupName", "Description", "DBParameterGroupFamily:Family").
				identity("DBClusterParameterGroupName", aws.ToString(g.DBClusterParameterGroupName)).
				identity("DBClusterParameterGroupArn", aws.ToString(g.DBClusterParameterGroupArn))
			r.groupParameters(ctx, item, o, r.dbClusterParameters, aws.ToString(g.DBClusterParameterGroupName))
			r.rdsTags(ctx, item, g.DBClusterParameterGroupArn, o)
			r.found(item, o)
		},
	}
}

// groupParameters reads the parameters that somebody set, out of the hundreds a group has.
func (r *run) groupParameters(ctx context.Context, item inventory.Item, o *object,
	read func(context.Context, string) (map[string]string, error), name string,
) {
	parameters, err := read(ctx, name)
	if err != nil {
		r.partial(item, "Parameters", err)
		return
	}
	o.set("Parameters", parameters)
}

func (r *run) dbParameters(ctx context.Context, group string) (map[string]string, error) {
	set := map[string]string{}
	pages := rds.NewDescribeDBParametersPaginator(r.clients.rds, &rds.DescribeDBParametersInput{
		DBParameterGroupName: &group, Source: aws.String("user"), MaxRecords: rdsPage()})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		userSet(set, page.Parameters)
	}
	return set, nil
}

func (r *run) dbClusterParameters(ctx context.Context, group string) (map[string]string, error) {
	set := map[string]string{}
	pages := rds.NewDescribeDBClusterParametersPaginator(r.clients.rds, &rds.DescribeDBClusterParametersInput{
		DBClusterParameterGroupName: &group, Source: aws.String("user"), MaxRecords: rdsPage()})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		userSet(set, page.Parameters)
	}
	return set, nil
}

// userSet keeps the parameters that say so themselves: not every endpoint
// filters by source.
func userSet(set map[string]string, list []types.Parameter) {
	for _, p := range list {
		if p.ParameterValue != nil && (p.Source == nil || *p.Source == "user") {
			set[aws.ToString(p.ParameterName)] = *p.ParameterValue
		}
	}
}

func (r *run) dbSubnetGroups() catalogue[types.DBSubnetGroup] {
	return catalogue[types.DBSubnetGroup]{
		what: "a subnet group name",
		page: func(ctx context.Context, marker *string) ([]types.DBSubnetGroup, *string, error) {
			out, err := r.clients.rds.DescribeDBSubnetGroups(ctx, &rds.DescribeDBSubnetGroupsInput{Marker: marker, MaxRecords: rdsPage()})
			if err != nil {
				return nil, nil, err
			}
			return out.DBSubnetGroups, out.Marker, nil
		},
		id: func(g types.DBSubnetGroup) string { return aws.ToString(g.DBSubnetGroupName) },
		found: func(ctx context.Context, item inventory.Item, g types.DBSubnetGroup) {
			subnets := []string{}
			for _, s := range g.Subnets {
				subnets = append(subnets, aws.ToString(s.SubnetIdentifier))
			}
			slices.Sort(subnets)
			o := newObject().take(g, "DBSubnetGroupName", "DBSubnetGroupDescription").set("SubnetIds", subnets).
				identity("DBSubnetGroupName", aws.ToString(g.DBSubnetGroupName)).identity("DBSubnetGroupArn", aws.ToString(g.DBSubnetGroupArn))
			r.rdsTags(ctx, item, g.DBSubnetGroupArn, o)
			r.found(item, o)
		},
	}
}

func (r *run) optionGroups() catalogue[types.OptionGroup] {
	return catalogue[types.OptionGroup]{
		what: "an option group name",
		page: func(ctx context.Context, marker *string) ([]types.OptionGroup, *string, error) {
			out, err := r.clients.rds.DescribeOptionGroups(ctx, &rds.DescribeOptionGroupsInput{Marker: marker, MaxRecords: rdsPage()})
			if err != nil {
				return nil, nil, err
			}
			return out.OptionGroupsList, out.Marker, nil
		},
		id: func(g types.OptionGroup) string { return aws.ToString(g.OptionGroupName) },
		found: func(ctx context.Context, item inventory.Item, g types.OptionGroup) {
			o := newObject().take(g, "OptionGroupName", "OptionGroupDescription", "EngineName", "MajorEngineVersion").
				identity("OptionGroupName", aws.ToString(g.OptionGroupName)).identity("OptionGroupArn", aws.ToString(g.OptionGroupArn)).
				set("OptionConfigurations", optionConfigurations(g.Options))
			r.rdsTags(ctx, item, g.OptionGroupArn, o)
			r.found(item, o)
		},
	}
}

// optionConfigurations are the options as a template states them; a setting
// that still has its default is not one.
func optionConfigurations(options []types.Option) []map[string]any {
	list := []map[string]any{}
	for _, option := range options {
		settings := []map[string]any{}
		for _, s := range option.OptionSettings {
			if s.Value != nil && aws.ToString(s.Value) != aws.ToString(s.DefaultValue) {
				settings = append(settings, map[string]any{"Name": aws.ToString(s.Name), "Value": *s.Value})
			}
		}
		sortObjects(settings, "Name")
		databases := []string{}
		for _, g := range option.DBSecurityGroupMemberships {
			databases = append(databases, aws.ToString(g.DBSecurityGroupName))
		}
		list = append(list, map[string]any{"OptionName": aws.ToString(option.OptionName), "OptionVersion": option.OptionVersion, "Port": option.Port,
			"OptionSettings": settings, "VpcSecurityGroupMemberships": securityGroupIDs(option.VpcSecurityGroupMemberships),
			"DBSecurityGroupMemberships": databases})
	}
	sortObjects(list, "OptionName")
	return list
}

var dbProxyFields = []string{"DBProxyName", "Auth", "DebugLogging", "DefaultAuthScheme", "EndpointNetworkType", "TargetConnectionNetworkType", "EngineFamily",
	"IdleClientTimeout", "RequireTLS", "RoleArn", "VpcSecurityGroupIds", "VpcSubnetIds"}

func (r *run) dbProxies() catalogue[types.DBProxy] {
	return catalogue[types.DBProxy]{
		what: "a proxy name",
		page: func(ctx context.Context, marker *string) ([]types.DBProxy, *string, error) {
			out, err := r.clients.rds.DescribeDBProxies(ctx, &rds.DescribeDBProxiesInput{Marker: marker, MaxRecords: rdsPage()})
			if err != nil {
				return nil, nil, err
			}
			return out.DBProxies, out.Marker, nil
		},
		id: func(p types.DBProxy) string { return aws.ToString(p.DBProxyName) },
		found: func(ctx context.Context, item inventory.Item, p types.DBProxy) {
			o := newObject().take(p, dbProxyFields...).identity("DBProxyName", aws.ToString(p.DBProxyName)).
				identity("DBProxyArn", aws.ToString(p.DBProxyArn)).identity("Endpoint", aws.ToString(p.Endpoint))
			r.rdsTags(ctx, item, p.DBProxyArn, o)
			r.found(item, o)
		},
	}
}

var eventSubscriptionFields = []string{"CustSubscriptionId:SubscriptionName", "Enabled", "EventCategoriesList:EventCategories", "SnsTopicArn",
	"SourceIdsList:SourceIds", "SourceType"}

func (r *run) eventSubscriptions() catalogue[types.EventSubscription] {
	return catalogue[types.EventSubscription]{
		what: "a subscription name",
		page: func(ctx context.Context, marker *string) ([]types.EventSubscription, *string, error) {
			out, err := r.clients.rds.DescribeEventSubscriptions(ctx, &rds.DescribeEventSubscriptionsInput{Marker: marker, MaxRecords: rdsPage()})
			if err != nil {
				return nil, nil, err
			}
			return out.EventSubscriptionsList, out.Marker, nil
		},
		id: func(s types.EventSubscription) string { return aws.ToString(s.CustSubscriptionId) },
		found: func(ctx context.Context, item inventory.Item, s types.EventSubscription) {
			o := newObject().take(s, eventSubscriptionFields...).identity("SubscriptionName", aws.ToString(s.CustSubscriptionId)).
				identity("EventSubscriptionArn", aws.ToString(s.EventSubscriptionArn))
			r.rdsTags(ctx, item, s.EventSubscriptionArn, o)
			r.found(item, o)
		},
	}
}
