package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type eksAPI interface {
	DescribeCluster(context.Context, *eks.DescribeClusterInput, ...func(*eks.Options)) (*eks.DescribeClusterOutput, error)
	DescribeNodegroup(context.Context, *eks.DescribeNodegroupInput, ...func(*eks.Options)) (*eks.DescribeNodegroupOutput, error)
	DescribeAddon(context.Context, *eks.DescribeAddonInput, ...func(*eks.Options)) (*eks.DescribeAddonOutput, error)
	DescribeFargateProfile(context.Context, *eks.DescribeFargateProfileInput, ...func(*eks.Options)) (*eks.DescribeFargateProfileOutput, error)
	DescribeAccessEntry(context.Context, *eks.DescribeAccessEntryInput, ...func(*eks.Options)) (*eks.DescribeAccessEntryOutput, error)
	ListAssociatedAccessPolicies(context.Context, *eks.ListAssociatedAccessPoliciesInput, ...func(*eks.Options)) (*eks.ListAssociatedAccessPoliciesOutput, error)
}

func eksReader() reader {
	return oneByOne(
		alone{Spec{
			Type: "AWS::EKS::Cluster",
			Properties: append(clusterProperties(), "ResourcesVpcConfig", "Logging", "KubernetesNetworkConfig", "AccessConfig",
				"EncryptionConfig", "Tags"),
			Actions: []string{"eks:DescribeCluster"},
			Identities: []string{"Arn", "CertificateAuthorityData", "ClusterSecurityGroupId", "Endpoint", "Name", "OpenIdConnectIssuer",
				"OpenIdConnectIssuerUrl"},
			Facts: []string{drift.FactEKSClusterStatus},
		}, (*run).eksCluster},
		alone{Spec{
			Type:       "AWS::EKS::Nodegroup",
			Properties: append(nodegroupProperties(), "ClusterName", "ReleaseVersion", "Tags"),
			Actions:    []string{"ec2:DescribeLaunchTemplateVersions", "eks:DescribeNodegroup"},
			Identities: []string{"Arn", "NodegroupName"},
			Facts:      []string{drift.FactNodegroupStatus, drift.FactContent},
		}, (*run).nodegroup},
		alone{Spec{
			Type: "AWS::EKS::Addon",
			Properties: []string{"ClusterName", "AddonName", "AddonVersion", "ConfigurationValues", "NamespaceConfig", "ServiceAccountRoleArn",
				"Tags"},
			Actions:    []string{"eks:DescribeAddon"},
			Identities: []string{"Arn"},
			Facts:      []string{drift.FactAddonStatus},
		}, (*run).addon},
		alone{Spec{
			Type:       "AWS::EKS::FargateProfile",
			Properties: []string{"ClusterName", "FargateProfileName", "PodExecutionRoleArn", "Selectors", "Subnets", "Tags"},
			Actions:    []string{"eks:DescribeFargateProfile"},
			Identities: []string{"Arn"},
			Facts:      []string{drift.FactFargateProfileStatus},
		}, (*run).fargateProfile},
		alone{Spec{
			Type:       "AWS::EKS::AccessEntry",
			Properties: []string{"ClusterName", "PrincipalArn", "KubernetesGroups", "Type", "Username", "AccessPolicies", "Tags"},
			Actions:    []string{"eks:DescribeAccessEntry", "eks:ListAssociatedAccessPolicies"},
			Identities: []string{"AccessEntryArn"},
		}, (*run).accessEntry},
	)
}

func clusterProperties() []string {
	return []string{"Name", "RoleArn", "Version", "UpgradePolicy", "ZonalShiftConfig", "ComputeConfig", "StorageConfig", "OutpostConfig",
		"RemoteNetworkConfig", "DeletionProtection", "ControlPlaneScalingConfig"}
}

func nodegroupProperties() []string {
	return []string{"NodegroupName", "AmiType", "CapacityType", "DiskSize", "InstanceTypes", "Labels", "LaunchTemplate", "NodeRole",
		"RemoteAccess", "ScalingConfig", "Subnets", "Taints", "UpdateConfig", "Version", "NodeRepairConfig", "WarmPoolConfig"}
}

func (r *run) eksCluster(ctx context.Context, item inventory.Item) {
	out, err := r.clients.eks.DescribeCluster(ctx, &eks.DescribeClusterInput{Name: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	c := out.Cluster
	if c == nil {
		r.empty(item, "eks:DescribeCluster", "cluster")
		return
	}
	r.fact(item, drift.FactEKSClusterStatus, map[string]any{
		"Status": string(c.Status), "Version": aws.ToString(c.Version), "PlatformVersion": aws.ToString(c.PlatformVersion),
	})
	o := newObject().take(c, clusterProperties()...).identity("Name", aws.ToString(c.Name)).identity("Arn", aws.ToString(c.Arn)).
		identity("Endpoint", aws.ToString(c.Endpoint))
	clusterParts(o, c)
	o.tags = c.Tags
	r.found(item, o)
}

// clusterParts fills what has another shape in CloudFormation than in EKS.
func clusterParts(o *object, c *types.Cluster) {
	if v := c.ResourcesVpcConfig; v != nil {
		o.set("ResourcesVpcConfig", map[string]any{"SubnetIds": v.SubnetIds, "SecurityGroupIds": v.SecurityGroupIds,
			"EndpointPublicAccess": v.EndpointPublicAccess, "EndpointPrivateAccess": v.EndpointPrivateAccess, "PublicAccessCidrs": v.PublicAccessCidrs})
		o.identity("ClusterSecurityGroupId", aws.ToString(v.ClusterSecurityGroupId))
	}
	if c.Logging != nil {
		enabled := []any{}
		for _, setup := range c.Logging.ClusterLogging {
			for _, t := range setup.Types {
				if aws.ToBool(setup.Enabled) {
					enabled = append(enabled, map[string]any{"Type": string(t)})
				}
			}
		}
		o.set("Logging", map[string]any{"ClusterLogging": map[string]any{"EnabledTypes": enabled}})
	}
	if k := c.KubernetesNetworkConfig; k != nil {
		o.set("KubernetesNetworkConfig", map[string]any{"IpFamily": k.IpFamily, "ServiceIpv4Cidr": k.ServiceIpv4Cidr,
			"ElasticLoadBalancing": k.ElasticLoadBalancing})
	}
	if c.AccessConfig != nil {
		o.set("AccessConfig", map[string]any{"AuthenticationMode": c.AccessConfig.AuthenticationMode})
	}
	if len(c.EncryptionConfig) > 0 {
		o.set("EncryptionConfig", c.EncryptionConfig)
	}
	if c.Identity != nil && c.Identity.Oidc != nil {
		issuer := aws.ToString(c.Identity.Oidc.Issuer) // trust policies name it without the scheme
		o.identity("OpenIdConnectIssuerUrl", issuer).identity("OpenIdConnectIssuer", strings.TrimPrefix(issuer, "https://"))
	}
	if c.CertificateAuthority != nil {
		o.identity("CertificateAuthorityData", aws.ToString(c.CertificateAuthority.Data))
	}
}

// inCluster splits the physical id of what belongs to a cluster: "cluster|name",
// or "cluster/name"; an id of one part is the name, and the cluster is declared.
func inCluster(item inventory.Item) (cluster, name string, ok bool) {
	separator := "|"
	if !strings.Contains(item.ID, separator) {
		separator = "/"
	}
	cluster, name, ok = strings.Cut(item.ID, separator)
	if !ok {
		cluster, name = text(item.Resolved, "ClusterName"), item.ID
	}
	return cluster, name, cluster != "" && !unresolved(cluster)
}

func (r *run) nodegroup(ctx context.Context, item inventory.Item) {
	cluster, name, ok := inCluster(item)
	if !ok {
		r.unaddressable(item, "the cluster it belongs to")
		return
	}
	out, err := r.clients.eks.DescribeNodegroup(ctx, &eks.DescribeNodegroupInput{ClusterName: &cluster, NodegroupName: &name})
	if err != nil {
		r.failed(item, err)
		return
	}
	n := out.Nodegroup
	if n == nil {
		r.empty(item, "eks:DescribeNodegroup", "node group")
		return
	}
	issues := []string{}
	if n.Health != nil {
		for _, issue := range n.Health.Issues {
			issues = append(issues, string(issue.Code))
		}
	}
	r.fact(item, drift.FactNodegroupStatus, map[string]any{
		"Status": string(n.Status), "Version": aws.ToString(n.Version), "ReleaseVersion": aws.ToString(n.ReleaseVersion), "Issues": issues,
	})
	o := newObject().take(n, nodegroupProperties()...).set("ClusterName", cluster).
		identity("Arn", aws.ToString(n.NodegroupArn)).identity("NodegroupName", aws.ToString(n.NodegroupName))
	if release := aws.ToString(n.ReleaseVersion); !strings.HasPrefix(release, "ami-") {
		o.set("ReleaseVersion", n.ReleaseVersion) // of an image of one's own, it is the launch template's
	}
	if n.LaunchTemplate != nil {
		r.nodeTemplate(ctx, item, o, n.LaunchTemplate)
	}
	o.tags = n.Tags
	r.found(item, o)
}

// nodeTemplate fills in which launch template the nodes start from, with what
// the version holds: its number need not be the same in two Regions. EKS answers
// with id and name; the one that the declaration uses is kept.
func (r *run) nodeTemplate(ctx context.Context, item inventory.Item, o *object, t *types.LaunchTemplateSpecification) {
	version, err := r.templateVersion(ctx, aws.ToString(t.Id), aws.ToString(t.Version))
	if err != nil {
		delete(o.properties, "LaunchTemplate")
		r.partial(item, "LaunchTemplate", err)
		return
	}
	template := map[string]any{"Version": t.Version, "LaunchTemplateData": templateData(version.LaunchTemplateData)}
	if member(item.Declared["LaunchTemplate"], "Name") != nil {
		template["Name"] = t.Name
	} else {
		template["Id"] = t.Id
	}
	o.set("LaunchTemplate", template)
}

func (r *run) addon(ctx context.Context, item inventory.Item) {
	cluster, name, ok := inCluster(item)
	if !ok {
		r.unaddressable(item, "the cluster it belongs to")
		return
	}
	out, err := r.clients.eks.DescribeAddon(ctx, &eks.DescribeAddonInput{ClusterName: &cluster, AddonName: &name})
	if err != nil {
		r.failed(item, err)
		return
	}
	a := out.Addon
	if a == nil {
		r.empty(item, "eks:DescribeAddon", "add-on")
		return
	}
	r.fact(item, drift.FactAddonStatus, map[string]any{"Status": string(a.Status), "AddonVersion": aws.ToString(a.AddonVersion)})
	o := newObject().take(a, "AddonName", "AddonVersion", "NamespaceConfig", "ServiceAccountRoleArn").set("ClusterName", cluster).
		document("ConfigurationValues", aws.ToString(a.ConfigurationValues)).identity("Arn", aws.ToString(a.AddonArn))
	o.tags = a.Tags
	r.found(item, o)
}

func (r *run) fargateProfile(ctx context.Context, item inventory.Item) {
	cluster, name, ok := inCluster(item)
	if !ok {
		r.unaddressable(item, "the cluster it belongs to")
		return
	}
	out, err := r.clients.eks.DescribeFargateProfile(ctx, &eks.DescribeFargateProfileInput{ClusterName: &cluster, FargateProfileName: &name})
	if err != nil {
		r.failed(item, err)
		return
	}
	f := out.FargateProfile
	if f == nil {
		r.empty(item, "eks:DescribeFargateProfile", "profile")
		return
	}
	r.fact(item, drift.FactFargateProfileStatus, map[string]any{"Status": string(f.Status)})
	var selectors []map[string]any
	for _, s := range f.Selectors {
		var labels []map[string]any
		for _, key := range keysOf(s.Labels) {
			labels = append(labels, map[string]any{"Key": key, "Value": s.Labels[key]})
		}
		selectors = append(selectors, map[string]any{"Namespace": s.Namespace, "Labels": labels})
	}
	o := newObject().take(f, "FargateProfileName", "PodExecutionRoleArn", "Subnets").set("ClusterName", cluster).set("Selectors", selectors).
		identity("Arn", aws.ToString(f.FargateProfileArn))
	o.tags = f.Tags
	r.found(item, o)
}
