package read

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type efsAPI interface {
	DescribeFileSystems(context.Context, *efs.DescribeFileSystemsInput, ...func(*efs.Options)) (*efs.DescribeFileSystemsOutput, error)
	DescribeLifecycleConfiguration(context.Context, *efs.DescribeLifecycleConfigurationInput, ...func(*efs.Options)) (*efs.DescribeLifecycleConfigurationOutput, error)
	DescribeBackupPolicy(context.Context, *efs.DescribeBackupPolicyInput, ...func(*efs.Options)) (*efs.DescribeBackupPolicyOutput, error)
	DescribeFileSystemPolicy(context.Context, *efs.DescribeFileSystemPolicyInput, ...func(*efs.Options)) (*efs.DescribeFileSystemPolicyOutput, error)
	DescribeReplicationConfigurations(context.Context, *efs.DescribeReplicationConfigurationsInput, ...func(*efs.Options)) (*efs.DescribeReplicationConfigurationsOutput, error)
	DescribeMountTargets(context.Context, *efs.DescribeMountTargetsInput, ...func(*efs.Options)) (*efs.DescribeMountTargetsOutput, error)
	DescribeMountTargetSecurityGroups(context.Context, *efs.DescribeMountTargetSecurityGroupsInput, ...func(*efs.Options)) (*efs.DescribeMountTargetSecurityGroupsOutput, error)
	DescribeAccessPoints(context.Context, *efs.DescribeAccessPointsInput, ...func(*efs.Options)) (*efs.DescribeAccessPointsOutput, error)
}

func efsReader() reader {
	return reader{
		specs: []Spec{
			{Type: "AWS::EFS::FileSystem", Properties: []string{"AvailabilityZoneName", "Encrypted", "KmsKeyId", "PerformanceMode", "ThroughputMode",
				"ProvisionedThroughputInMibps", "FileSystemProtection", "LifecyclePolicies", "BackupPolicy", "FileSystemPolicy", "ReplicationConfiguration",
				"FileSystemTags", "Tags"},
				Actions: []string{"elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeLifecycleConfiguration", "elasticfilesystem:DescribeBackupPolicy",
					"elasticfilesystem:DescribeFileSystemPolicy", "elasticfilesystem:DescribeReplicationConfigurations"},
				Batch: perCall(100), Identities: []string{"Arn", "FileSystemId"}, Facts: []string{drift.FactFileSystemReplication}},
			{Type: "AWS::EFS::MountTarget", Properties: []string{"FileSystemId", "SubnetId", "SecurityGroups", "IpAddress", "Ipv6Address"},
				Actions: []string{"elasticfilesystem:DescribeMountTargets", "elasticfilesystem:DescribeMountTargetSecurityGroups"}, Identities: []string{"Id"}},
			{Type: "AWS::EFS::AccessPoint", Properties: []string{"FileSystemId", "ClientToken", "PosixUser", "RootDirectory", "AccessPointTags", "Tags"},
				Actions: []string{"elasticfilesystem:DescribeAccessPoints"}, Batch: perCall(100), Identities: []string{"Arn", "AccessPointId"}},
		},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			byType(ctx, items, map[string]func([]inventory.Item){
				"AWS::EFS::FileSystem":  func(l []inventory.Item) { r.fileSystems().read(ctx, r, l) },
				"AWS::EFS::MountTarget": func(l []inventory.Item) { each(ctx, l, func(i inventory.Item) { r.mountTarget(ctx, i) }) },
				"AWS::EFS::AccessPoint": func(l []inventory.Item) { r.accessPoints().read(ctx, r, l) },
			})
		},
	}
}

func (r *run) fileSystems() catalogue[types.FileSystemDescription] {
	var once sync.Once
	var all []types.ReplicationConfigurationDescription
	var failure error
	return catalogue[types.FileSystemDescription]{
		what: "a file system id",
		page: func(ctx context.Context, marker *string) ([]types.FileSystemDescription, *string, error) {
			out, err := r.clients.efs.DescribeFileSystems(ctx, &efs.DescribeFileSystemsInput{Marker: marker, MaxItems: aws.Int32(100)})
			if err != nil {
				return nil, nil, err
			}
			return out.FileSystems, out.NextMarker, nil
		},
		id: func(f types.FileSystemDescription) string { return aws.ToString(f.FileSystemId) },
		found: func(ctx context.Context, item inventory.Item, f types.FileSystemDescription) {
			o := newObject().take(f, "AvailabilityZoneName", "Encrypted", "KmsKeyId", "PerformanceMode", "ThroughputMode", "ProvisionedThroughputInMibps").
				identity("Arn", aws.ToString(f.FileSystemArn)).identity("FileSystemId", aws.ToString(f.FileSystemId)).tagList(f.Tags, "Key", "Value")
			if p := f.FileSystemProtection; p != nil {
				o.set("FileSystemProtection", map[string]any{"ReplicationOverwriteProtection": string(p.ReplicationOverwriteProtection)})
			}
			r.fileSystemPolicies(ctx, item, o)
			once.Do(func() { all, failure = r.replications(ctx) })
			r.fileSystemReplication(item, o, all, failure)
			r.found(item, o)
		},
	}
}

// fileSystemPolicies reads what a file system is asked for alone. What was never
// set is answered with "not found".
func (r *run) fileSystemPolicies(ctx context.Context, item inventory.Item, o *object) {
	rules, err := r.clients.efs.DescribeLifecycleConfiguration(ctx, &efs.DescribeLifecycleConfigurationInput{FileSystemId: &item.ID})
	if err != nil {
		r.partial(item, "LifecyclePolicies", err)
	} else {
		o.set("LifecyclePolicies", rules.LifecyclePolicies)
	}
	backup, err := r.clients.efs.DescribeBackupPolicy(ctx, &efs.DescribeBackupPolicyInput{FileSystemId: &item.ID})
	switch {
	case err == nil && backup.BackupPolicy != nil:
		o.set("BackupPolicy", map[string]any{"Status": strings.Replace(string(backup.BackupPolicy.Status), "ING", "ED", 1)})
	case err != nil && session.Classify(err).Reason != session.NotFound:
		r.partial(item, "BackupPolicy", err)
	}
	policy, err := r.clients.efs.DescribeFileSystemPolicy(ctx, &efs.DescribeFileSystemPolicyInput{FileSystemId: &item.ID})
	switch {
	case err == nil:
		o.document("FileSystemPolicy", aws.ToString(policy.Policy))
	case session.Classify(err).Reason != session.NotFound:
		r.partial(item, "FileSystemPolicy", err)
	}
}

// replications lists the Region's replications, of which a file system may be
// the source or the destination. "Not found" is how EFS says that there are none.
func (r *run) replications(ctx context.Context) ([]types.ReplicationConfigurationDescription, error) {
	var all []types.ReplicationConfigurationDescription
	pages := efs.NewDescribeReplicationConfigurationsPaginator(r.clients.efs, &efs.DescribeReplicationConfigurationsInput{MaxResults: aws.Int32(100)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			if session.Classify(err).Reason == session.NotFound {
				return all, nil
			}
			return nil, err
		}
		all = append(all, page.Replications...)
	}
	return all, nil
}

func (r *run) fileSystemReplication(item inventory.Item, o *object, all []types.ReplicationConfigurationDescription, err error) {
	if err != nil {
		r.partial(item, "ReplicationConfiguration", err)
		r.factGap(item, drift.FactFileSystemReplication, err)
		return
	}
	for _, c := range all {
		role, destinations, states := "", []map[string]any{}, []map[string]any{}
		if aws.ToString(c.SourceFileSystemId) == item.ID {
			role = "source"
		}
		for _, d := range c.Destinations {
			if aws.ToString(d.FileSystemId) == item.ID {
				role = "destination"
			}
			destinations = append(destinations, map[string]any{"FileSystemId": d.FileSystemId, "Region": aws.ToString(d.Region), "RoleArn": d.RoleArn})
			states = append(states, map[string]any{"FileSystemId": aws.ToString(d.FileSystemId), "Region": aws.ToString(d.Region), "Status": string(d.Status),
				"StatusMessage": aws.ToString(d.StatusMessage), "LastReplicatedTimestamp": timeOrNil(d.LastReplicatedTimestamp)})
		}
		if role == "" {
			continue
		}
		if role == "source" {
			o.set("ReplicationConfiguration", map[string]any{"Destinations": destinations})
		}
		r.fact(item, drift.FactFileSystemReplication, map[string]any{"Role": role, "SourceFileSystemId": aws.ToString(c.SourceFileSystemId),
			"SourceFileSystemRegion": aws.ToString(c.SourceFileSystemRegion), "Destinations": states})
	}
}

func (r *run) mountTarget(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a mount target id")
		return
	}
	out, err := r.clients.efs.DescribeMountTargets(ctx, &efs.DescribeMountTargetsInput{MountTargetId: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	if len(out.MountTargets) == 0 {
		r.gone(item)
		return
	}
	o := newObject().take(out.MountTargets[0], "FileSystemId", "SubnetId", "IpAddress", "Ipv6Address").identity("Id", item.ID)
	groups, err := r.clients.efs.DescribeMountTargetSecurityGroups(ctx, &efs.DescribeMountTargetSecurityGroupsInput{MountTargetId: &item.ID})
	if err != nil {
		r.partial(item, "SecurityGroups", err)
	} else {
		o.set("SecurityGroups", groups.SecurityGroups)
	}
	r.found(item, o.chosen(item, "IpAddress", "Ipv6Address"))
}

func (r *run) accessPoints() catalogue[types.AccessPointDescription] {
	return catalogue[types.AccessPointDescription]{
		what: "an access point id",
		page: func(ctx context.Context, token *string) ([]types.AccessPointDescription, *string, error) {
			out, err := r.clients.efs.DescribeAccessPoints(ctx, &efs.DescribeAccessPointsInput{NextToken: token, MaxResults: aws.Int32(100)})
			if err != nil {
				return nil, nil, err
			}
			return out.AccessPoints, out.NextToken, nil
		},
		id: func(p types.AccessPointDescription) string { return aws.ToString(p.AccessPointId) },
		found: func(_ context.Context, item inventory.Item, p types.AccessPointDescription) {
			o := newObject().take(p, "FileSystemId", "ClientToken", "PosixUser", "RootDirectory").identity("AccessPointId", aws.ToString(p.AccessPointId)).
				identity("Arn", aws.ToString(p.AccessPointArn)).tagList(p.Tags, "Key", "Value")
			for _, property := range []string{"PosixUser", "RootDirectory"} { // ids of users are text in a template
				if tree, ok := o.properties[property]; ok {
					o.properties[property] = numbersAsText(tree)
				}
			}
			r.found(item, o.chosen(item, "ClientToken"))
		},
	}
}

func numbersAsText(v any) any {
	switch v := v.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		for i, element := range v {
			v[i] = numbersAsText(element)
		}
	case map[string]any:
		for key, member := range v {
			v[key] = numbersAsText(member)
		}
	}
	return v
}
