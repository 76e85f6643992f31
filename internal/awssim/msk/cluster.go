package msk

import (
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// nameCluster gives a cluster its ARN, which ends with an id; names are unique.
func nameCluster(c *core.Change) error {
	r := c.Resource
	name := wire.Text(r.Properties["ClusterName"])
	for _, typ := range []string{Type, ServerlessType} {
		for _, other := range c.World.Store.List(r.Scope, typ) {
			if other.Properties["ClusterName"] == name {
				return wire.Errorf(409, "ConflictException", "The name %s is in use.", name)
			}
		}
	}
	r.Attributes["Arn"] = "arn:aws:kafka:" + r.Region + ":" + r.Account + ":cluster/" + name + "/" + c.World.IDs.UUID(r.Account, r.Region, r.Type, name) + "-1"
	if broker := wire.AsObject(r.Properties["BrokerNodeGroupInfo"]); broker != nil && !broker.Has("BrokerAZDistribution") {
		broker["BrokerAZDistribution"] = "DEFAULT"
	}
	return nextVersion(c)
}

// nextVersion notes that the cluster changed: an update has to name the version it starts from.
func nextVersion(c *core.Change) error {
	r := c.Resource
	r.Attributes["CurrentVersion"] = "K" + c.World.IDs.Upper(13, r.Account, r.Region, r.Type, wire.Text(r.Properties["ClusterName"]))
	return nil
}

// lowered writes names as MSK does: EBSStorageInfo is ebsStorageInfo, S3 is s3.
func lowered(v any) any {
	if list, ok := wire.Items(v); ok {
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = lowered(e)
		}
		return out
	}
	o := wire.AsObject(v)
	if o == nil {
		return v
	}
	out := map[string]any{}
	for name, member := range o {
		out[api(name)] = lowered(member)
	}
	return out
}

func api(name string) string {
	if name == "EBSStorageInfo" {
		return "ebsStorageInfo"
	}
	return strings.ToLower(name[:1]) + name[1:]
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func show(r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	out := core.Out{"clusterArn": r.ID, "clusterName": p["ClusterName"], "state": "ACTIVE", "creationTime": stamp(r.Created),
		"currentVersion": r.Attributes["CurrentVersion"], "tags": map[string]any{}}
	if len(r.Tags) > 0 {
		out["tags"] = r.Tags
	}
	if r.Type == ServerlessType {
		networks := []any{}
		for _, v := range p.Objects("VpcConfigs") {
			networks = append(networks, core.Out{"subnetIds": v["SubnetIds"], "securityGroupIds": v["SecurityGroups"]})
		}
		out["clusterType"], out["serverless"] = "SERVERLESS", core.Out{"vpcConfigs": networks, "clientAuthentication": lowered(p["ClientAuthentication"])}
		return out
	}
	software := core.Out{"kafkaVersion": p["KafkaVersion"]}
	if info := p.Object("ConfigurationInfo"); info != nil {
		software["configurationArn"], software["configurationRevision"] = info["Arn"], info["Revision"]
	}
	provisioned := core.Out(wire.AsObject(lowered(shape.Pick(r.Properties, "BrokerNodeGroupInfo", "NumberOfBrokerNodes", "ClientAuthentication", "EncryptionInfo",
		"EnhancedMonitoring", "LoggingInfo", "OpenMonitoring", "StorageMode", "Rebalancing"))))
	provisioned["currentBrokerSoftwareInfo"] = software
	out["clusterType"], out["provisioned"] = "PROVISIONED", provisioned
	return out
}

func cluster(c *core.Call) (store.Resource, error) {
	for _, typ := range []string{Type, ServerlessType} {
		if r, ok := c.Get(typ, c.In.String("clusterArn")); ok {
			return r, nil
		}
	}
	return store.Resource{}, notFound("Cluster %s does not exist.", c.In.String("clusterArn"))
}

func listClusters(c *core.Call) (any, error) {
	list := []any{}
	for _, typ := range []string{Type, ServerlessType} {
		for _, r := range c.List(typ) {
			if strings.HasPrefix(wire.Text(r.Properties["ClusterName"]), c.In.String("clusterNameFilter")) {
				list = append(list, show(r))
			}
		}
	}
	return core.Page{Size: 10, Token: "nextToken", Max: "maxResults", CodeOfInvalid: "BadRequestException"}.Cut(c, "clusterInfoList", list)
}

func describeCluster(c *core.Call) (any, error) {
	r, err := cluster(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"clusterInfo": show(r)}, nil
}

// bootstrapBrokers names the brokers that clients begin with.
func bootstrapBrokers(c *core.Call) (any, error) {
	r, err := cluster(c)
	if err != nil {
		return nil, err
	}
	id := r.ID[strings.LastIndexByte(r.ID, '/')+1:]
	domain := strings.ToLower(wire.Text(r.Properties["ClusterName"])) + "." + strings.ReplaceAll(id, "-", "")[:min(6, len(id))] + ".c2.kafka." + r.Scope.Region + ".amazonaws.com"
	if r.Type == ServerlessType {
		return core.Out{"bootstrapBrokerStringSaslIam": "boot-" + strings.ReplaceAll(domain, ".kafka.", ".kafka-serverless.") + ":9098"}, nil
	}
	return core.Out{"bootstrapBrokerStringTls": "b-1." + domain + ":9094,b-2." + domain + ":9094"}, nil
}

// raised is the opposite of lowered.
func raised(v any) any {
	if list, ok := wire.Items(v); ok {
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = raised(e)
		}
		return out
	}
	o := wire.AsObject(v)
	if o == nil {
		return v
	}
	out := map[string]any{}
	for name, member := range o {
		if name == "ebsStorageInfo" {
			out["EBSStorageInfo"] = raised(member)
			continue
		}
		out[strings.ToUpper(name[:1])+name[1:]] = raised(member)
	}
	return out
}

func createCluster(c *core.Call) (any, error) {
	typ, given := Type, wire.AsObject(raised(map[string]any(c.In.Object("provisioned"))))
	if serverless := c.In.Object("serverless"); serverless != nil {
		typ, given = ServerlessType, wire.Object{"ClientAuthentication": raised(serverless["clientAuthentication"])}
		networks := []any{}
		for _, v := range serverless.Objects("vpcConfigs") {
			networks = append(networks, map[string]any{"SubnetIds": v["subnetIds"], "SecurityGroups": v["securityGroupIds"]})
		}
		given["VpcConfigs"] = networks
	}
	given["ClusterName"] = c.In.String("clusterName")
	r, err := c.Create(typ, given, core.Tags(c.In["tags"]))
	if err != nil {
		return nil, err
	}
	return core.Out{"clusterArn": r.ID, "clusterName": c.In.String("clusterName"), "state": "CREATING", "clusterType": show(r)["clusterType"]}, nil
}

func deleteCluster(c *core.Call) (any, error) {
	r, err := cluster(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"clusterArn": r.ID, "state": "DELETING"}, c.Delete(r.Type, r.ID)
}

// alter changes a cluster from the version that the request names.
func alter(c *core.Call, change func(wire.Object) map[string]any) (any, error) {
	r, err := cluster(c)
	if err != nil {
		return nil, err
	}
	if c.In.String("currentVersion") != wire.Text(r.Attributes["CurrentVersion"]) {
		return nil, wire.Errorf(400, "BadRequestException", "This operation cannot be performed on the specified cluster version.")
	}
	if _, err := c.Update(r.Type, r.ID, change(r.Properties)); err != nil {
		return nil, err
	}
	return core.Out{"clusterArn": r.ID, "clusterOperationArn": strings.Replace(r.ID, ":cluster/", ":cluster-operation/", 1) + "/" + c.World.IDs.UUID("operation", r.ID)}, nil
}

// change is an update of the property that a member of the request sets.
func change(property, member string) core.Handler {
	return func(c *core.Call) (any, error) {
		return alter(c, func(wire.Object) map[string]any { return map[string]any{property: shape.Plain(c.In[member])} })
	}
}

func changeType(c *core.Call) (any, error) {
	return alter(c, func(p wire.Object) map[string]any {
		return map[string]any{"BrokerNodeGroupInfo": map[string]any(core.Merge(p.Object("BrokerNodeGroupInfo"), map[string]any{"InstanceType": c.In.String("targetInstanceType")}))}
	})
}

func changeStorage(c *core.Call) (any, error) {
	return alter(c, func(p wire.Object) map[string]any {
		size := 0
		for _, target := range c.In.Objects("targetBrokerEBSVolumeInfo") {
			size = target.Int("volumeSizeGB", 0)
		}
		storage := map[string]any{"EBSStorageInfo": map[string]any{"VolumeSize": float64(size)}}
		return map[string]any{"BrokerNodeGroupInfo": map[string]any(core.Merge(p.Object("BrokerNodeGroupInfo"), map[string]any{"StorageInfo": storage}))}
	})
}
