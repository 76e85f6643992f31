// Package efs simulates what EFS says of file systems, their mount targets, access points and replication. It owns those
// AWS::EFS types. It holds no file; a replication makes its destination in the other Region and is at once in step.
package efs

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	Type       = "AWS::EFS::FileSystem"
	TargetType = "AWS::EFS::MountTarget"
	PointType  = "AWS::EFS::AccessPoint"
)

const base = "/2015-02-01"

// Service returns EFS.
func Service() core.Service {
	systems, points := systemListing(), pointListing()
	return core.Service{
		Name: "elasticfilesystem", Rest: wire.RestJSON,
		Operations: map[string]core.Handler{
			"DescribeFileSystems": systems.List, "UpdateFileSystem": systems.Change, "DescribeLifecycleConfiguration": lifecycle, "PutLifecycleConfiguration": putLifecycle,
			"DescribeBackupPolicy": backup, "PutBackupPolicy": putBackup, "DescribeFileSystemPolicy": policy, "PutFileSystemPolicy": putPolicy,
			"DescribeReplicationConfigurations": replications, "DescribeMountTargets": targets, "DescribeMountTargetSecurityGroups": targetGroups,
			"ModifyMountTargetSecurityGroups": setTargetGroups, "DescribeAccessPoints": points.List, "DeleteAccessPoint": deletePoint, "UpdateFileSystemProtection": protect,
		},
		Routes: []wire.Route{
			{Operation: "DescribeFileSystems", Method: "GET", Path: base + "/file-systems"},
			{Operation: "DescribeReplicationConfigurations", Method: "GET", Path: base + "/file-systems/replication-configurations"},
			{Operation: "UpdateFileSystem", Method: "PUT", Path: base + "/file-systems/{FileSystemId}"},
			{Operation: "DescribeLifecycleConfiguration", Method: "GET", Path: base + "/file-systems/{FileSystemId}/lifecycle-configuration"},
			{Operation: "PutLifecycleConfiguration", Method: "PUT", Path: base + "/file-systems/{FileSystemId}/lifecycle-configuration"},
			{Operation: "DescribeBackupPolicy", Method: "GET", Path: base + "/file-systems/{FileSystemId}/backup-policy"},
			{Operation: "PutBackupPolicy", Method: "PUT", Path: base + "/file-systems/{FileSystemId}/backup-policy"},
			{Operation: "DescribeFileSystemPolicy", Method: "GET", Path: base + "/file-systems/{FileSystemId}/policy"},
			{Operation: "PutFileSystemPolicy", Method: "PUT", Path: base + "/file-systems/{FileSystemId}/policy"},
			{Operation: "UpdateFileSystemProtection", Method: "PUT", Path: base + "/file-systems/{FileSystemId}/protection"},
			{Operation: "DescribeMountTargets", Method: "GET", Path: base + "/mount-targets"},
			{Operation: "DescribeMountTargetSecurityGroups", Method: "GET", Path: base + "/mount-targets/{MountTargetId}/security-groups"},
			{Operation: "ModifyMountTargetSecurityGroups", Method: "PUT", Path: base + "/mount-targets/{MountTargetId}/security-groups"},
			{Operation: "DescribeAccessPoints", Method: "GET", Path: base + "/access-points"},
			{Operation: "DeleteAccessPoint", Method: "DELETE", Path: base + "/access-points/{AccessPointId}"},
		},
		Kinds: []core.Kind{systemKind(), targetKind(), pointKind()},
	}
}

func deletePoint(c *core.Call) (any, error) {
	id := c.In.String("AccessPointId")
	if _, ok := c.Get(PointType, id); !ok {
		return nil, wire.Errorf(404, "AccessPointNotFound", "Access point %s does not exist.", id)
	}
	return nil, c.Delete(PointType, id)
}

func systemKind() core.Kind {
	return core.Kind{
		Type: Type, Identifier: []string{"FileSystemId"}, Ref: "{FileSystemId}", Invalid: "BadRequest",
		Attributes: map[string]string{"Arn": "arn:aws:elasticfilesystem:{Region}:{Account}:file-system/{FileSystemId}"},
		Replace:    []string{"AvailabilityZoneName", "Encrypted", "KmsKeyId", "PerformanceMode"},
		Defaults: map[string]any{"PerformanceMode": "generalPurpose", "ThroughputMode": "bursting", "Encrypted": false,
			"FileSystemProtection": map[string]any{"ReplicationOverwriteProtection": "ENABLED"}},
		Schema: core.Schema{Booleans: []string{"Encrypted"}, Numbers: []string{"ProvisionedThroughputInMibps"}},
		Create: makeSystem,
	}
}

func makeSystem(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	r.Attributes["FileSystemId"] = "fs-" + c.World.IDs.Hex(17, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
	for k, v := range core.Tags(p["FileSystemTags"]) {
		r.Tags[k] = v
	}
	if shape.Bool(p["Encrypted"]) {
		key := p.Or("KmsKeyId", shape.ManagedKeyARN(r.Account, r.Region, "elasticfilesystem"))
		if !strings.HasPrefix(key, "arn:") {
			key = "arn:aws:kms:" + r.Region + ":" + r.Account + ":key/" + key
		}
		r.Properties["KmsKeyId"] = key
	}
	for _, d := range p.Object("ReplicationConfiguration").Objects("Destinations") {
		region := d.String("Region")
		if region == "" {
			continue
		}
		if d.String("FileSystemId") == "" {
			id := "fs-" + c.World.IDs.Hex(17, r.Account, region, "replica", c.Origin.StackID, c.Origin.Logical)
			d["FileSystemId"] = id
			c.World.Store.Put(store.Resource{Scope: store.Scope{Account: r.Account, Region: region}, Type: Type, ID: id,
				Attributes: map[string]any{"FileSystemId": id, "Arn": "arn:aws:elasticfilesystem:" + region + ":" + r.Account + ":file-system/" + id},
				Properties: map[string]any{"PerformanceMode": "generalPurpose", "ThroughputMode": "bursting", "Encrypted": true,
					"KmsKeyId":             shape.ManagedKeyARN(r.Account, region, "elasticfilesystem"),
					"FileSystemProtection": map[string]any{"ReplicationOverwriteProtection": "REPLICATING"}}})
		}
	}
	return nil
}

func systemListing() core.Listing {
	return core.Listing{Type: Type, ID: "FileSystemId", Member: "FileSystems", Missing: "FileSystemNotFound", Next: "NextMarker", Size: "MaxItems",
		Settings: []string{"ThroughputMode", "ProvisionedThroughputInMibps"}, Show: func(_ *core.Call, r store.Resource) any {
			out := core.Renamed(r.Properties, "AvailabilityZoneName", "Encrypted", "KmsKeyId", "PerformanceMode", "ThroughputMode", "ProvisionedThroughputInMibps",
				"FileSystemProtection")
			out["FileSystemId"], out["FileSystemArn"], out["LifeCycleState"], out["CreationToken"] = r.ID, r.Attributes["Arn"], "available", r.ID
			out["NumberOfMountTargets"], out["OwnerId"], out["CreationTime"] = 0, r.Account, r.Created
			out["SizeInBytes"], out["Tags"] = core.Out{"Value": 6144}, core.TagList(r.Tags)
			return out
		}}
}

func system(c *core.Call) (store.Resource, error) { return systemListing().Find(c) }

func lifecycle(c *core.Call) (any, error) {
	r, err := system(c)
	if err != nil {
		return nil, err
	}
	list := wire.Object(r.Properties).List("LifecyclePolicies")
	if list == nil {
		list = []any{}
	}
	return core.Out{"LifecyclePolicies": list}, nil
}

func set(c *core.Call, property string, value any) error {
	r, err := system(c)
	if err != nil {
		return err
	}
	_, err = c.Update(Type, r.ID, map[string]any{property: shape.Plain(value)})
	return err
}

func putLifecycle(c *core.Call) (any, error) {
	if err := set(c, "LifecyclePolicies", c.In["LifecyclePolicies"]); err != nil {
		return nil, err
	}
	return lifecycle(c)
}

func backup(c *core.Call) (any, error) {
	r, err := system(c)
	if err != nil {
		return nil, err
	}
	if r.Properties["BackupPolicy"] == nil {
		return nil, wire.Errorf(404, "PolicyNotFound", "There is no backup policy for file system %s", r.ID)
	}
	return core.Out{"BackupPolicy": r.Properties["BackupPolicy"]}, nil
}

func putBackup(c *core.Call) (any, error) {
	if err := set(c, "BackupPolicy", c.In["BackupPolicy"]); err != nil {
		return nil, err
	}
	return backup(c)
}

func policy(c *core.Call) (any, error) {
	r, err := system(c)
	if err != nil {
		return nil, err
	}
	if r.Properties["FileSystemPolicy"] == nil {
		return nil, wire.Errorf(404, "PolicyNotFound", "There is no file system policy for file system %s", r.ID)
	}
	return core.Out{"FileSystemId": r.ID, "Policy": shape.Document(r.Properties["FileSystemPolicy"])}, nil
}

func putPolicy(c *core.Call) (any, error) {
	doc, ok := shape.ParseDocument(c.In.String("Policy"))
	if !ok {
		return nil, wire.Errorf(400, "InvalidPolicyException", "The policy is not valid.")
	}
	if err := set(c, "FileSystemPolicy", doc); err != nil {
		return nil, err
	}
	return policy(c)
}

func protect(c *core.Call) (any, error) {
	value := map[string]any{"ReplicationOverwriteProtection": c.In.String("ReplicationOverwriteProtection")}
	return value, set(c, "FileSystemProtection", value)
}

// replications are those whose source or destination is in the Region.
func replications(c *core.Call) (any, error) {
	list := []any{}
	for _, region := range append([]string{c.Region}, otherRegions(c)...) {
		scope := store.Scope{Account: c.Account, Region: region}
		for _, r := range c.Read().List(scope, Type) {
			destinations, here := []any{}, region == c.Region
			for _, d := range wire.Object(r.Properties).Object("ReplicationConfiguration").Objects("Destinations") {
				here = here || d.String("Region") == c.Region
				destinations = append(destinations, core.Out{"FileSystemId": d["FileSystemId"], "Region": d["Region"], "Status": wire.Object(r.Private).Or("Replication", "ENABLED"),
					"LastReplicatedTimestamp": c.Now()})
			}
			if here && len(destinations) > 0 {
				list = append(list, core.Out{"SourceFileSystemId": r.ID, "SourceFileSystemArn": r.Attributes["Arn"], "SourceFileSystemRegion": region,
					"OriginalSourceFileSystemArn": r.Attributes["Arn"], "CreationTime": r.Created, "Destinations": destinations})
			}
		}
	}
	if len(list) == 0 {
		return nil, wire.Errorf(404, "ReplicationNotFound", "There is no replication configuration.")
	}
	return core.Out{"Replications": list}, nil
}

// otherRegions are the Regions in which a file system of the account may replicate into this one.
func otherRegions(c *core.Call) []string {
	var out []string
	for _, region := range []string{"us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"} {
		if region != c.Region {
			out = append(out, region)
		}
	}
	return out
}

func targetKind() core.Kind {
	return core.Kind{
		Type: TargetType, Identifier: []string{"Id"}, Ref: "{Id}", Replace: []string{"FileSystemId", "SubnetId", "IpAddress"},
		Schema: core.Schema{Required: []string{"FileSystemId", "SecurityGroups", "SubnetId"}},
		Create: func(c *core.Change) error {
			r := c.Resource
			r.Attributes["Id"] = "fsmt-" + c.World.IDs.Hex(17, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
			if r.Properties["IpAddress"] == nil {
				r.Properties["IpAddress"] = "10.0." + map[string]string{"us-east-1": "1"}[r.Region] + "0." + wire.Text(len(c.Origin.Logical)+10)
			}
			return nil
		},
	}
}

func presentTarget(r store.Resource) core.Out {
	out := core.Renamed(r.Properties, "FileSystemId", "SubnetId", "IpAddress")
	out["MountTargetId"], out["LifeCycleState"], out["OwnerId"] = r.ID, "available", r.Account
	return out
}

func target(c *core.Call) (store.Resource, error) {
	if r, ok := c.Get(TargetType, c.In.String("MountTargetId")); ok {
		return r, nil
	}
	return store.Resource{}, wire.Errorf(404, "MountTargetNotFound", "Mount target '%s' does not exist.", c.In.String("MountTargetId"))
}

func targets(c *core.Call) (any, error) {
	if c.In.Has("MountTargetId") {
		r, err := target(c)
		if err != nil {
			return nil, err
		}
		return core.Out{"MountTargets": []any{presentTarget(r)}}, nil
	}
	list := []any{}
	for _, r := range c.List(TargetType) {
		if wire.Text(r.Properties["FileSystemId"]) == c.In.String("FileSystemId") {
			list = append(list, presentTarget(r))
		}
	}
	return core.Out{"MountTargets": list}, nil
}

func targetGroups(c *core.Call) (any, error) {
	r, err := target(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"SecurityGroups": r.Properties["SecurityGroups"]}, nil
}

func setTargetGroups(c *core.Call) (any, error) {
	r, err := target(c)
	if err != nil {
		return nil, err
	}
	if _, err = c.Update(TargetType, r.ID, map[string]any{"SecurityGroups": shape.Plain(c.In["SecurityGroups"])}); err != nil {
		return nil, err
	}
	return &wire.Raw{Status: 204}, nil
}

func pointKind() core.Kind {
	return core.Kind{
		Type: PointType, Identifier: []string{"AccessPointId"}, Ref: "{AccessPointId}", Replace: []string{"FileSystemId", "ClientToken", "PosixUser", "RootDirectory"},
		Attributes: map[string]string{"Arn": "arn:aws:elasticfilesystem:{Region}:{Account}:access-point/{AccessPointId}"}, Schema: core.Schema{Required: []string{"FileSystemId"}},
		Create: func(c *core.Change) error {
			r := c.Resource
			r.Attributes["AccessPointId"] = "fsap-" + c.World.IDs.Hex(17, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
			for k, v := range core.Tags(r.Properties["AccessPointTags"]) {
				r.Tags[k] = v
			}
			return nil
		},
	}
}

func pointListing() core.Listing {
	return core.Listing{Type: PointType, ID: "AccessPointId", Member: "AccessPoints", Missing: "AccessPointNotFound", Token: "NextToken", Size: "MaxResults",
		Show: func(_ *core.Call, r store.Resource) any {
			p := wire.Object(r.Properties)
			out := core.Renamed(p, "FileSystemId")
			out["AccessPointId"], out["AccessPointArn"], out["LifeCycleState"], out["Tags"] = r.ID, r.Attributes["Arn"], "available", core.TagList(r.Tags)
			out["ClientToken"] = p.Or("ClientToken", "token-"+r.ID)
			out["PosixUser"], out["RootDirectory"] = numbers(p["PosixUser"]), numbers(p["RootDirectory"])
			if out["RootDirectory"] == nil {
				out["RootDirectory"] = core.Out{"Path": "/"}
			}
			return out
		}}
}

// numbers are ids of users as the API has them: a template says them as text.
func numbers(v any) any {
	o := wire.AsObject(v)
	if o == nil {
		return nil
	}
	out := core.Out{}
	for name, member := range o {
		switch name {
		case "Uid", "Gid", "OwnerUid", "OwnerGid":
			out[name] = shape.Int(member, 0)
		case "SecondaryGids":
			list := []any{}
			for _, id := range o.Strings(name) {
				list = append(list, shape.Int(id, 0))
			}
			out[name] = list
		case "CreationInfo":
			out[name] = numbers(member)
		default:
			out[name] = member
		}
	}
	return out
}
