package read

import (
	"context"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// references are the pointees (see mentioned.go) that EC2 describes many at
// once: which types name them, how their ids begin, and the call for all.
func references() []reference {
	return []reference{
		{
			prefix:   "ami-",
			types:    []string{"AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::Instance", "AWS::EC2::LaunchTemplate"},
			actions:  []string{"ec2:DescribeImages"},
			describe: (*run).describeImages,
		},
		{
			prefix: "pl-",
			types: []string{"AWS::EC2::Route", "AWS::EC2::RouteTable", "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupEgress",
				"AWS::EC2::SecurityGroupIngress"},
			actions:  []string{"ec2:DescribeManagedPrefixLists", "ec2:GetManagedPrefixListEntries"},
			describe: (*run).describePrefixLists,
		},
		{
			prefix: "subnet-",
			types: []string{"AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::Instance", "AWS::EC2::NatGateway", "AWS::EC2::VPCEndpoint", "AWS::ECS::Service",
				"AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::Lambda::Function"},
			actions:  []string{"ec2:DescribeSubnets", "ec2:DescribeRouteTables"},
			describe: (*run).describeSubnets,
		},
		{
			prefix: "sg-",
			types: []string{"AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::EC2::VPCEndpoint", "AWS::ECS::Service", "AWS::EFS::MountTarget",
				"AWS::ElastiCache::CacheCluster", "AWS::ElastiCache::ReplicationGroup", "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::Lambda::Function", "AWS::RDS::DBCluster",
				"AWS::RDS::DBInstance", "AWS::RDS::DBProxy"},
			actions: []string{"ec2:DescribeManagedPrefixLists", "ec2:DescribeSecurityGroups", "ec2:DescribeVpcs",
				"ec2:GetManagedPrefixListEntries"},
			describe: (*run).describeSecurityGroups,
		},
	}
}

type reference struct {
	prefix         string
	types, actions []string
	describe       func(*run, context.Context, []string) ([]content, error)
}

// referenceActions are the permissions to describe what a type's properties name.
func referenceActions(typ string) []string {
	var actions []string
	for _, reference := range references() {
		if slices.Contains(reference.types, typ) {
			actions = append(actions, reference.actions...)
		}
	}
	return actions
}

// content is what an id stands for.
type content struct {
	id, kind, name string
	// alike is what must be alike in both Regions; nothing else belongs in it.
	alike map[string]any
	// beside is what rules may want to know besides.
	beside map[string]any
}

// describeReferences describes what the resources that were read mention, all
// ids of a kind together. What could not be described is a gap of every
// resource that mentions it.
func (r *run) describeReferences(ctx context.Context) {
	for _, reference := range references() {
		mentioned := r.ids(reference)
		each(ctx, chunks(keysOf(mentioned), perFilter), func(ids []string) {
			found, err := reference.describe(r, ctx, ids)
			for _, c := range found {
				r.referenced(c)
			}
			if err == nil {
				return
			}
			told := map[string]bool{}
			for _, id := range ids {
				for _, resource := range mentioned[id] {
					if !told[resource.Key] {
						r.factGap(inventory.Item{Key: resource.Key, Type: resource.Type}, drift.FactContent, err)
					}
					told[resource.Key] = true
				}
			}
		})
	}
}

// ids are those of a kind that are described nowhere yet, with the resources that mention them.
func (r *run) ids(of reference) map[string][]drift.Resource {
	own, mentioned := r.ownNames(), map[string][]drift.Resource{}
	for _, resource := range r.result.Resources {
		if !slices.Contains(of.types, resource.Type) {
			continue
		}
		for _, id := range idsIn(resource.Properties, of.prefix) {
			if len(own[id]) == 0 && !r.described[id] {
				mentioned[id] = append(mentioned[id], resource)
			}
		}
	}
	return mentioned
}

// referenced records what an id stands for.
func (r *run) referenced(c content) {
	value := map[string]any{"Kind": c.kind, "Name": c.name, "Content": c.alike}
	for name, v := range c.beside {
		value[name] = v
	}
	r.fact(inventory.Item{Key: c.id}, drift.FactContent, value)
}

// idsIn lists the texts of a tree that are ids of one kind, each once.
func idsIn(v any, prefix string) []string {
	found := map[string]bool{}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			if strings.HasPrefix(v, prefix) && len(v) > len(prefix) && strings.Trim(v[len(prefix):], "0123456789abcdef") == "" {
				found[v] = true
			}
		case []any:
			for _, element := range v {
				walk(element)
			}
		case map[string]any:
			for _, member := range v {
				walk(member)
			}
		}
	}
	walk(v)
	return keysOf(found)
}

// regionFree is a name without the Region in it: com.amazonaws.us-east-1.s3 is
// the same service everywhere.
func (r *run) regionFree(name string) string { return strings.ReplaceAll(name, r.Region, "${Region}") }
