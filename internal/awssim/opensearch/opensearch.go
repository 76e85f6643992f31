// Package opensearch simulates what OpenSearch Service says of its domains. It owns AWS::OpenSearchService::Domain. It searches
// nothing.
package opensearch

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Type is the resource type of a domain.
const Type = "AWS::OpenSearchService::Domain"

const base = "/2021-01-01"

// Service returns OpenSearch Service.
func Service() core.Service {
	return core.Service{
		Name: "es", Rest: wire.RestJSON,
		Operations: map[string]core.Handler{"DescribeDomain": describe, "DescribeDomains": describeAll, "UpdateDomainConfig": update, "ListTags": tags},
		Routes: []wire.Route{
			{Operation: "DescribeDomains", Method: "POST", Path: base + "/opensearch/domain-info"},
			{Operation: "DescribeDomain", Method: "GET", Path: base + "/opensearch/domain/{DomainName}"},
			{Operation: "UpdateDomainConfig", Method: "POST", Path: base + "/opensearch/domain/{DomainName}/config"},
			{Operation: "ListTags", Method: "GET", Path: base + "/tags"},
		},
		Kinds: []core.Kind{{
			Type: Type, Name: core.NameRule{Property: "DomainName", Max: 28, Lower: true}, Ref: "{DomainName}", Invalid: "ValidationException",
			Attributes: map[string]string{"Arn": "arn:aws:es:{Region}:{Account}:domain/{DomainName}", "DomainArn": "arn:aws:es:{Region}:{Account}:domain/{DomainName}",
				"DomainEndpoint": "search-{DomainName}-{Zone}.{Region}.es.amazonaws.com", "Id": "{Account}/{DomainName}"},
			Replace: []string{"DomainName"},
			Schema: core.Schema{Numbers: []string{"ClusterConfig.InstanceCount", "ClusterConfig.DedicatedMasterCount", "ClusterConfig.ZoneAwarenessConfig.AvailabilityZoneCount",
				"EBSOptions.VolumeSize", "EBSOptions.Iops", "EBSOptions.Throughput"}, Booleans: []string{"ClusterConfig.DedicatedMasterEnabled", "ClusterConfig.ZoneAwarenessEnabled",
				"EBSOptions.EBSEnabled", "EncryptionAtRestOptions.Enabled", "NodeToNodeEncryptionOptions.Enabled", "DomainEndpointOptions.EnforceHTTPS",
				"AdvancedSecurityOptions.Enabled", "AdvancedSecurityOptions.InternalUserDatabaseEnabled"}},
			Create: fill,
		}},
	}
}

// fill adds what a template leaves out.
func fill(c *core.Change) error {
	r := c.Resource
	r.Attributes["Zone"] = c.World.IDs.Lower(26, r.Account, r.Region, "es")
	for name, def := range map[string]map[string]any{
		"ClusterConfig": {"InstanceType": "m4.large.search", "InstanceCount": 1.0, "DedicatedMasterEnabled": false, "ZoneAwarenessEnabled": false},
		"EBSOptions":    {"EBSEnabled": false}, "EncryptionAtRestOptions": {"Enabled": false}, "NodeToNodeEncryptionOptions": {"Enabled": false},
		"DomainEndpointOptions":   {"EnforceHTTPS": false, "TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07"},
		"AdvancedSecurityOptions": {"Enabled": false}, "SnapshotOptions": {"AutomatedSnapshotStartHour": 0.0},
		"OffPeakWindowOptions": {"Enabled": true, "OffPeakWindow": map[string]any{"WindowStartTime": map[string]any{"Hours": float64(len(r.Region) % 24), "Minutes": 0.0}}},
		"AdvancedOptions":      {"rest.action.multi.allow_explicit_index": "true"},
	} {
		have := wire.AsObject(r.Properties[name])
		if have == nil {
			have = wire.Object{}
			r.Properties[name] = map[string]any(have)
		}
		for member, v := range def {
			if !have.Has(member) {
				have[member] = v
			}
		}
	}
	if at := wire.AsObject(r.Properties["EncryptionAtRestOptions"]); at.Bool("Enabled") && !at.Has("KmsKeyId") {
		at["KmsKeyId"] = shape.ManagedKeyARN(r.Account, r.Region, "es")
	}
	if r.Properties["EngineVersion"] == nil {
		r.Properties["EngineVersion"] = "OpenSearch_2.17"
	}
	return nil
}

func present(r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	out := core.Renamed(p, "DomainName", "EngineVersion", "ClusterConfig", "EBSOptions", "AdvancedOptions", "CognitoOptions", "DomainEndpointOptions", "EncryptionAtRestOptions",
		"NodeToNodeEncryptionOptions", "LogPublishingOptions", "SnapshotOptions", "OffPeakWindowOptions", "SoftwareUpdateOptions", "IPAddressType")
	security := core.Renamed(p.Object("AdvancedSecurityOptions"), "Enabled", "InternalUserDatabaseEnabled", "AnonymousAuthEnabled")
	out["AdvancedSecurityOptions"] = security
	if p.Has("AccessPolicies") {
		out["AccessPolicies"] = shape.Document(p["AccessPolicies"])
	}
	out["ARN"], out["DomainId"], out["Created"], out["Deleted"], out["Processing"] = r.Attributes["Arn"], r.Attributes["Id"], true, false, wire.Object(r.Private).Bool("Processing")
	out["DomainProcessingStatus"] = "Active"
	if v := p.Object("VPCOptions"); v != nil {
		out["VPCOptions"] = core.Out{"SubnetIds": v["SubnetIds"], "SecurityGroupIds": v["SecurityGroupIds"], "VPCId": "vpc-0aaaaaaaaaaaaaaaa"}
		out["Endpoints"] = core.Out{"vpc": "vpc-" + wire.Text(r.Attributes["DomainEndpoint"])}
	} else {
		out["Endpoint"] = r.Attributes["DomainEndpoint"]
	}
	return out
}

func find(c *core.Call) (store.Resource, error) {
	if r, ok := c.Get(Type, c.In.String("DomainName")); ok {
		return r, nil
	}
	return store.Resource{}, wire.Errorf(409, "ResourceNotFoundException", "Domain not found: %s", c.In.String("DomainName"))
}

func describe(c *core.Call) (any, error) {
	r, err := find(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"DomainStatus": present(r)}, nil
}

func describeAll(c *core.Call) (any, error) {
	names := c.In.Strings("DomainNames")
	if len(names) > 5 {
		return nil, wire.Errorf(400, "ValidationException", "Please provide a maximum of 5 domain names to describe.")
	}
	list := []any{}
	for _, name := range names {
		if r, ok := c.Get(Type, name); ok {
			list = append(list, present(r))
		}
	}
	return core.Out{"DomainStatusList": list}, nil
}

func update(c *core.Call) (any, error) {
	r, err := find(c)
	if err != nil {
		return nil, err
	}
	patch := map[string]any{}
	for _, name := range []string{"ClusterConfig", "EBSOptions", "AdvancedOptions", "DomainEndpointOptions", "EncryptionAtRestOptions", "NodeToNodeEncryptionOptions",
		"LogPublishingOptions", "SnapshotOptions", "VPCOptions", "OffPeakWindowOptions", "SoftwareUpdateOptions"} {
		given := wire.AsObject(shape.Plain(c.In[name]))
		if given == nil {
			continue
		}
		next := store.CloneMap(wire.AsObject(r.Properties[name]))
		if next == nil {
			next = map[string]any{}
		}
		for member, v := range given {
			next[member] = v
		}
		patch[name] = next
	}
	if doc, ok := shape.ParseDocument(c.In.String("AccessPolicies")); ok {
		patch["AccessPolicies"] = doc
	}
	if _, err = c.Update(Type, r.ID, patch); err != nil {
		return nil, err
	}
	return core.Out{"DomainConfig": core.Out{}}, nil
}

func tags(c *core.Call) (any, error) {
	for _, r := range c.List(Type) {
		if wire.Text(r.Attributes["Arn"]) == c.In.String("arn") {
			return core.Out{"TagList": core.TagList(r.Tags)}, nil
		}
	}
	return nil, wire.Errorf(409, "ResourceNotFoundException", "Domain not found: %s", c.In.String("arn"))
}
