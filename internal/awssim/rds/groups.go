package rds

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func groupKind() core.Kind {
	return core.Kind{Type: GroupType, Name: core.NameRule{Property: "DBParameterGroupName", Max: 255, Lower: true}, Ref: "{DBParameterGroupName}",
		Attributes: map[string]string{"Arn": "arn:aws:rds:{Region}:{Account}:pg:{DBParameterGroupName}"}, Invalid: "InvalidParameterValue",
		Replace: []string{"DBParameterGroupName", "Description", "Family"}, Schema: core.Schema{Required: []string{"Description", "Family"}}}
}

func clusterGroupKind() core.Kind {
	return core.Kind{Type: ClusterGroupType, Name: core.NameRule{Property: "DBClusterParameterGroupName", Max: 255, Lower: true},
		Ref:        "{DBClusterParameterGroupName}",
		Attributes: map[string]string{"Arn": "arn:aws:rds:{Region}:{Account}:cluster-pg:{DBClusterParameterGroupName}"}, Invalid: "InvalidParameterValue",
		Replace: []string{"DBClusterParameterGroupName", "Description", "Family"}, Schema: core.Schema{Required: []string{"Description", "Family", "Parameters"}}}
}

func groupListing() core.Listing {
	return core.Listing{Type: GroupType, ID: "DBParameterGroupName", Member: "DBParameterGroups", One: "DBParameterGroup", Missing: "DBParameterGroupNotFound",
		Show: func(_ *core.Call, r store.Resource) any {
			return core.Out{"DBParameterGroupName": r.ID, "DBParameterGroupFamily": r.Properties["Family"], "Description": r.Properties["Description"],
				"DBParameterGroupArn": r.Attributes["Arn"]}
		}}
}

func clusterGroupListing() core.Listing {
	return core.Listing{Type: ClusterGroupType, ID: "DBClusterParameterGroupName", Member: "DBClusterParameterGroups", One: "DBClusterParameterGroup",
		Missing: "DBParameterGroupNotFound",
		Show: func(_ *core.Call, r store.Resource) any {
			return core.Out{"DBClusterParameterGroupName": r.ID, "DBParameterGroupFamily": r.Properties["Family"], "Description": r.Properties["Description"],
				"DBClusterParameterGroupArn": r.Attributes["Arn"]}
		}}
}

// defaultGroup is the group of a family that AWS keeps; nobody can change it.
func defaultGroup(c *core.Call, l core.Listing) (store.Resource, bool) {
	name := c.In.String(l.ID)
	if !strings.HasPrefix(name, defaultGroupPrefix) {
		return store.Resource{}, false
	}
	return store.Resource{Scope: c.Scope, Type: l.Type, ID: name, Attributes: map[string]any{"Arn": "arn:aws:rds:" + c.Region + ":" + c.Account + ":pg:" + name},
		Properties: map[string]any{"Family": strings.TrimPrefix(name, defaultGroupPrefix), "Description": "Default parameter group for " + strings.TrimPrefix(name, defaultGroupPrefix)}}, true
}

func describeGroups(l core.Listing) core.Handler {
	return func(c *core.Call) (any, error) {
		if r, ok := defaultGroup(c, l); ok {
			return core.Out{l.Member: []any{l.Show(c, r)}}, nil
		}
		return l.List(c)
	}
}

func createGroup(l core.Listing, name string) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := c.Create(l.Type, map[string]any{name: strings.ToLower(c.In.String(name)), "Family": c.In.String("DBParameterGroupFamily"),
			"Description": c.In.String("Description"), "Parameters": map[string]any{}}, nil)
		if err != nil {
			return nil, err
		}
		return core.Out{l.One: l.Show(c, r)}, nil
	}
}

// engineParameters stand for the hundreds that a group has and nobody set.
func engineParameters() []string { return []string{"autovacuum_naptime", "max_connections"} }

// parameters lists what somebody set and, unless only that is asked for, what the engine has.
func parameters(l core.Listing) core.Handler {
	return func(c *core.Call) (any, error) {
		r, ok := defaultGroup(c, l)
		if !ok {
			var err error
			if r, err = l.Find(c); err != nil {
				return nil, err
			}
		}
		set := wire.AsObject(r.Properties["Parameters"])
		list := []any{}
		for _, name := range set.Keys() {
			list = append(list, core.Out{"ParameterName": name, "ParameterValue": set[name], "Source": "user", "ApplyType": "dynamic", "IsModifiable": true})
		}
		if source := c.In.String("Source"); source != "user" {
			for _, name := range engineParameters() {
				list = append(list, core.Out{"ParameterName": name, "ParameterValue": "1", "Source": "engine-default", "ApplyType": "dynamic", "IsModifiable": true})
			}
		}
		page, next, err := core.Paginate(list, c.In.String("Marker"), c.In.Int("MaxRecords", 100))
		if err != nil {
			return nil, err
		}
		return core.Out{"Parameters": page, "Marker": next}, nil
	}
}

func setParameters(l core.Listing) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := l.Find(c)
		if err != nil {
			return nil, err
		}
		set := store.CloneMap(wire.AsObject(r.Properties["Parameters"]))
		if set == nil {
			set = map[string]any{}
		}
		for _, p := range c.In.Elements("Parameters") {
			one := wire.AsObject(p)
			set[one.String("ParameterName")] = one.String("ParameterValue")
		}
		_, err = c.Update(l.Type, r.ID, map[string]any{"Parameters": set})
		return core.Out{l.ID: r.ID}, err
	}
}

func resetParameters(l core.Listing) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := l.Find(c)
		if err != nil {
			return nil, err
		}
		_, err = c.Update(l.Type, r.ID, map[string]any{"Parameters": map[string]any{}})
		return core.Out{l.ID: r.ID}, err
	}
}

func subnetGroupKind() core.Kind {
	return core.Kind{Type: SubnetGroupType, Name: core.NameRule{Property: "DBSubnetGroupName", Max: 255, Lower: true}, Ref: "{DBSubnetGroupName}",
		Attributes: map[string]string{"Arn": "arn:aws:rds:{Region}:{Account}:subgrp:{DBSubnetGroupName}"}, Invalid: "InvalidParameterValue",
		Replace: []string{"DBSubnetGroupName"}, Schema: core.Schema{Required: []string{"DBSubnetGroupDescription", "SubnetIds"}}}
}

func subnetListing() core.Listing {
	return core.Listing{Type: SubnetGroupType, ID: "DBSubnetGroupName", Member: "DBSubnetGroups", One: "DBSubnetGroup", Missing: "DBSubnetGroupNotFoundFault",
		Settings: []string{"DBSubnetGroupDescription", "SubnetIds"},
		Show: func(_ *core.Call, r store.Resource) any {
			return core.Out{"DBSubnetGroupName": r.ID, "DBSubnetGroupDescription": r.Properties["DBSubnetGroupDescription"], "DBSubnetGroupArn": r.Attributes["Arn"],
				"SubnetGroupStatus": "Complete", "Subnets": core.Each(wire.Object(r.Properties).Strings("SubnetIds"), "SubnetIdentifier", core.Out{"SubnetStatus": "Active"})}
		}}
}

func optionGroupKind() core.Kind {
	return core.Kind{Type: OptionGroupType, Name: core.NameRule{Property: "OptionGroupName", Max: 255, Lower: true}, Ref: "{OptionGroupName}",
		Attributes: map[string]string{"Arn": "arn:aws:rds:{Region}:{Account}:og:{OptionGroupName}"}, Invalid: "InvalidParameterValue",
		Replace: []string{"OptionGroupName", "EngineName", "MajorEngineVersion", "OptionGroupDescription"},
		Schema:  core.Schema{Required: []string{"EngineName", "MajorEngineVersion", "OptionGroupDescription"}, Numbers: []string{"OptionConfigurations.Port"}}}
}

func optionListing() core.Listing {
	return core.Listing{Type: OptionGroupType, ID: "OptionGroupName", Member: "OptionGroupsList", One: "OptionGroup", Missing: "OptionGroupNotFoundFault",
		Show: presentOptions}
}

func presentOptions(_ *core.Call, r store.Resource) any {
	out := core.Renamed(r.Properties, "OptionGroupName", "OptionGroupDescription", "EngineName", "MajorEngineVersion")
	options := []any{}
	for _, o := range wire.Object(r.Properties).Objects("OptionConfigurations") {
		one := core.Renamed(o, "OptionName", "OptionVersion", "Port", "OptionSettings")
		one["VpcSecurityGroupMemberships"] = core.Each(o.Strings("VpcSecurityGroupMemberships"), "VpcSecurityGroupId", nil)
		options = append(options, one)
	}
	out["Options"], out["OptionGroupArn"] = options, r.Attributes["Arn"]
	return out
}

// describeOptionGroups also knows the groups that AWS keeps: default:postgres-16.
func describeOptionGroups(l core.Listing) core.Handler {
	return func(c *core.Call) (any, error) {
		name, ok := strings.CutPrefix(c.In.String(l.ID), "default:")
		if !ok {
			return l.List(c)
		}
		engine, major := name, ""
		if i := strings.IndexAny(name, "0123456789"); i > 0 {
			engine, major = strings.Trim(name[:i], "-"), strings.ReplaceAll(name[i:], "-", ".")
		}
		return core.Out{l.Member: []any{core.Out{"OptionGroupName": "default:" + name, "EngineName": engine, "MajorEngineVersion": major, "Options": []any{}}}}, nil
	}
}

func modifyOptions(l core.Listing) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := l.Find(c)
		if err != nil {
			return nil, err
		}
		gone := map[string]bool{}
		for _, name := range c.In.Elements("OptionsToRemove") {
			gone[wire.Text(name)] = true
		}
		options := []any{}
		included := c.In.Elements("OptionsToInclude")
		for _, o := range included {
			one := wire.AsObject(o)
			gone[one.String("OptionName")] = true
			plain := wire.AsObject(shape.Plain(one))
			if settings := one.Elements("OptionSettings"); len(settings) > 0 {
				plain["OptionSettings"] = shape.Plain(settings)
			}
			options = append(options, map[string]any(plain))
		}
		for _, o := range wire.Object(r.Properties).Objects("OptionConfigurations") {
			if !gone[o.String("OptionName")] {
				options = append(options, map[string]any(o))
			}
		}
		if r, err = c.Update(l.Type, r.ID, map[string]any{"OptionConfigurations": options}); err != nil {
			return nil, err
		}
		return core.Out{"OptionGroup": presentOptions(c, r)}, nil
	}
}

func proxyKind() core.Kind {
	return core.Kind{Type: ProxyType, Name: core.NameRule{Property: "DBProxyName", Max: 64, Lower: true}, Ref: "{DBProxyName}",
		Attributes: map[string]string{"Arn": "arn:aws:rds:{Region}:{Account}:db-proxy:prx-{DBProxyName}", "DBProxyArn": "arn:aws:rds:{Region}:{Account}:db-proxy:prx-{DBProxyName}",
			"Endpoint": "{DBProxyName}.proxy-a1b2c3d4e5f6.{Region}.rds.amazonaws.com"},
		Replace: []string{"DBProxyName", "EngineFamily", "VpcSubnetIds"}, Invalid: "InvalidParameterValue",
		Defaults: map[string]any{"DebugLogging": false, "IdleClientTimeout": 1800.0, "RequireTLS": false, "EndpointNetworkType": "IPV4", "TargetConnectionNetworkType": "IPV4"},
		Schema: core.Schema{Required: []string{"EngineFamily", "RoleArn", "VpcSubnetIds"}, Booleans: []string{"DebugLogging", "RequireTLS"},
			Numbers: []string{"IdleClientTimeout"}}}
}

func proxyListing() core.Listing {
	return core.Listing{Type: ProxyType, ID: "DBProxyName", Member: "DBProxies", One: "DBProxy", Missing: "DBProxyNotFoundFault",
		Settings: []string{"DebugLogging", "IdleClientTimeout", "RequireTLS", "RoleArn", "Auth", "SecurityGroups:VpcSecurityGroupIds"},
		Show: func(_ *core.Call, r store.Resource) any {
			out := core.Renamed(r.Properties, "DBProxyName", "Auth", "DebugLogging", "DefaultAuthScheme", "EndpointNetworkType", "TargetConnectionNetworkType", "EngineFamily",
				"IdleClientTimeout", "RequireTLS", "RoleArn", "VpcSecurityGroupIds", "VpcSubnetIds")
			out["DBProxyArn"], out["Endpoint"], out["Status"] = r.Attributes["Arn"], r.Attributes["Endpoint"], "available"
			return out
		}}
}

func subscriptionKind() core.Kind {
	return core.Kind{Type: SubscriptionType, Name: core.NameRule{Property: "SubscriptionName", Max: 255}, Ref: "{SubscriptionName}",
		Attributes: map[string]string{"Arn": "arn:aws:rds:{Region}:{Account}:es:{SubscriptionName}"}, Replace: []string{"SubscriptionName", "SnsTopicArn"},
		Defaults: map[string]any{"Enabled": true}, Schema: core.Schema{Required: []string{"SnsTopicArn"}, Booleans: []string{"Enabled"}}}
}

func subscriptionListing() core.Listing {
	return core.Listing{Type: SubscriptionType, ID: "SubscriptionName", Member: "EventSubscriptionsList", One: "EventSubscription", Missing: "SubscriptionNotFound",
		Settings: []string{"Enabled", "EventCategories", "SnsTopicArn", "SourceType"},
		Show: func(_ *core.Call, r store.Resource) any {
			out := core.Renamed(r.Properties, "SubscriptionName:CustSubscriptionId", "Enabled", "EventCategories:EventCategoriesList", "SnsTopicArn",
				"SourceIds:SourceIdsList", "SourceType")
			out["EventSubscriptionArn"], out["Status"] = r.Attributes["Arn"], "active"
			return out
		}}
}
