package autoscaling

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// templateType is the type of launch templates, which EC2 owns.
const templateType = "AWS::EC2::LaunchTemplate"

// unique gives a resource the UUID in its ARN.
func unique(c *core.Change) error {
	r := c.Resource
	if c.Before == nil {
		r.Attributes["Unique"] = c.World.IDs.UUID(r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
	}
	return nil
}

// checkGroup fills in what follows from the rest, and wants sizes in order and
// the launch template to exist.
func checkGroup(c *core.Change) error {
	p := wire.Object(c.Resource.Properties)
	if !p.Has("DesiredCapacity") {
		p["DesiredCapacity"] = p["MinSize"]
	}
	if c.Before != nil {
		p["DesiredCapacity"] = float64(min(max(p.Int("DesiredCapacity", 0), p.Int("MinSize", 0)), p.Int("MaxSize", 0)))
	}
	if p.Int("MinSize", 0) > p.Int("MaxSize", 0) || p.Int("DesiredCapacity", 0) > p.Int("MaxSize", 0) || p.Int("DesiredCapacity", 0) < p.Int("MinSize", 0) {
		return wire.Errorf(400, "ValidationError", "Desired capacity:%s must be between the specified min size:%s and max size:%s",
			p.String("DesiredCapacity"), p.String("MinSize"), p.String("MaxSize"))
	}
	if named := p.Object("LaunchTemplate"); named != nil {
		r, ok := launchTemplate(c.World, c.Resource.Scope, named)
		if !ok {
			return wire.Errorf(400, "ValidationError", "You must use a valid fully-formed launch template. The specified launch template does not exist.")
		}
		named["LaunchTemplateId"], named["LaunchTemplateName"] = r.ID, r.Properties["LaunchTemplateName"]
		if named.String("Version") == "" {
			named["Version"] = "$Default"
		}
	}
	if !p.Has("ServiceLinkedRoleARN") {
		p["ServiceLinkedRoleARN"] = "arn:aws:iam::" + c.Resource.Account + ":role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
	}
	return unique(c)
}

// launchTemplate finds a launch template by id or name.
func launchTemplate(w *core.World, scope store.Scope, named wire.Object) (store.Resource, bool) {
	for _, r := range w.Store.List(scope, templateType) {
		if r.ID == named.String("LaunchTemplateId") || !named.Has("LaunchTemplateId") && r.Properties["LaunchTemplateName"] == named.String("LaunchTemplateName") {
			return r, true
		}
	}
	return store.Resource{}, false
}

// forget removes what belongs to a group along with it.
func forget(c *core.Change) error {
	for _, typ := range []string{PolicyType, HookType, ScheduleType} {
		for _, r := range c.World.Store.List(c.Resource.Scope, typ) {
			if r.Properties["AutoScalingGroupName"] == c.Resource.ID {
				c.World.Store.Delete(r.Scope, typ, r.ID)
			}
		}
	}
	return nil
}

// zones are where the instances of a group are: those of its subnets, else
// those it names.
func zones(w store.View, r store.Resource) []string {
	p := wire.Object(r.Properties)
	var list []string
	for _, id := range p.Strings("VPCZoneIdentifier") {
		if subnet, ok := w.Get(r.Scope, "AWS::EC2::Subnet", id); ok {
			list = append(list, wire.Text(subnet.Properties["AvailabilityZone"]))
		}
	}
	if len(list) == 0 {
		list = p.Strings("AvailabilityZones")
	}
	slices.Sort(list)
	if list = slices.Compact(list); len(list) == 0 {
		list = []string{r.Region + "a"}
	}
	return list
}

// Instance is one instance of a group: as many as the group wants are there.
type Instance struct{ ID, Zone string }

// Instances are the instances of a group.
func Instances(w store.View, r store.Resource) []Instance {
	at := zones(w, r)
	list := make([]Instance, 0, 4)
	for i := range wire.Object(r.Properties).Int("DesiredCapacity", 0) {
		sum := sha256.Sum256([]byte(r.Account + r.Region + wire.Text(r.Attributes["Unique"]) + strconv.Itoa(i)))
		list = append(list, Instance{ID: "i-" + hex.EncodeToString(sum[:])[:17], Zone: at[i%len(at)]})
	}
	return list
}

// startedType is the instance type of the launch template that the group names.
func startedType(c *core.Call, group wire.Object) string {
	r, ok := launchTemplate(c.World, c.Scope, group.Object("LaunchTemplate"))
	if !ok {
		return "t3.micro"
	}
	return wire.Object(r.Properties).Object("LaunchTemplateData").Or("InstanceType", "t3.micro")
}

func present(c *core.Call, r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	out := core.Out(shape.Pick(r.Properties, "AutoScalingGroupName", "MinSize", "MaxSize", "DesiredCapacity", "DesiredCapacityType", "HealthCheckType",
		"HealthCheckGracePeriod", "LaunchConfigurationName", "LaunchTemplate", "MixedInstancesPolicy", "LoadBalancerNames", "TargetGroupARNs",
		"TerminationPolicies", "CapacityRebalance", "MaxInstanceLifetime", "NewInstancesProtectedFromScaleIn", "PlacementGroup", "ServiceLinkedRoleARN",
		"Context", "DefaultInstanceWarmup", "InstanceMaintenancePolicy", "AvailabilityZoneDistribution", "TrafficSources"))
	out["AutoScalingGroupARN"], out["CreatedTime"], out["DefaultCooldown"] = r.Attributes["AutoScalingGroupARN"], r.Created, p["Cooldown"]
	out["AvailabilityZones"], out["VPCZoneIdentifier"] = zones(c.Read(), r), strings.Join(p.Strings("VPCZoneIdentifier"), ",")
	instances, kind := []any{}, startedType(c, p)
	for _, i := range Instances(c.Read(), r) {
		instances = append(instances, core.Out{"InstanceId": i.ID, "AvailabilityZone": i.Zone, "LifecycleState": "InService", "HealthStatus": "Healthy",
			"ProtectedFromScaleIn": false, "InstanceType": kind, "LaunchTemplate": p["LaunchTemplate"]})
	}
	out["Instances"] = instances
	tags := []any{}
	for _, key := range slices.Sorted(maps.Keys(r.Tags)) {
		tags = append(tags, core.Out{"Key": key, "Value": r.Tags[key], "PropagateAtLaunch": true, "ResourceId": r.ID, "ResourceType": "auto-scaling-group"})
	}
	suspended, metrics := []any{}, []any{}
	for _, name := range wire.Object(r.Private).Strings("Suspended") {
		suspended = append(suspended, core.Out{"ProcessName": name, "SuspensionReason": "User suspended at " + wire.Text(r.Updated)})
	}
	for _, m := range p.Objects("MetricsCollection") {
		for _, name := range m.Strings("Metrics") {
			metrics = append(metrics, core.Out{"Metric": name, "Granularity": m.Or("Granularity", "1Minute")})
		}
	}
	out["Tags"], out["SuspendedProcesses"], out["EnabledMetrics"] = tags, suspended, metrics
	return out
}

func describeGroups(c *core.Call) (any, error) {
	names := c.In.Strings("AutoScalingGroupNames")
	list := []any{}
	for _, r := range c.List(GroupType) {
		if len(names) == 0 || slices.Contains(names, r.ID) {
			list = append(list, present(c, r))
		}
	}
	return page(c, "AutoScalingGroups", list)
}

// page answers a list under a name, fifty at a time.
func page(c *core.Call, name string, list []any) (any, error) {
	part, next, err := core.Paginate(list, c.In.String("NextToken"), c.In.Int("MaxRecords", 50))
	if err != nil {
		return nil, wire.Errorf(400, "InvalidNextToken", "The token '%s' is invalid.", c.In.String("NextToken"))
	}
	return core.Out{name: part, "NextToken": next}, nil
}

// group finds the group of the request.
func group(c *core.Call) (store.Resource, error) {
	r, ok := c.World.Store.Get(c.Scope, GroupType, c.In.String("AutoScalingGroupName"))
	if !ok {
		return r, wire.Errorf(400, "ValidationError", "AutoScalingGroup name not found - AutoScalingGroup '%s' not found", c.In.String("AutoScalingGroupName"))
	}
	return r, nil
}

// given are the members of a request that are properties.
func given(in wire.Object) map[string]any {
	out := shape.Pick(in, "MinSize", "MaxSize", "DesiredCapacity", "HealthCheckType", "HealthCheckGracePeriod", "LaunchTemplate", "MixedInstancesPolicy",
		"LaunchConfigurationName", "TargetGroupARNs", "LoadBalancerNames", "AvailabilityZones", "TerminationPolicies", "CapacityRebalance",
		"MaxInstanceLifetime", "NewInstancesProtectedFromScaleIn", "PlacementGroup", "DefaultInstanceWarmup")
	if in.Has("DefaultCooldown") {
		out["Cooldown"] = in["DefaultCooldown"]
	}
	if zones := in.String("VPCZoneIdentifier"); zones != "" {
		list := []any{}
		for _, id := range strings.Split(zones, ",") {
			list = append(list, strings.TrimSpace(id))
		}
		out["VPCZoneIdentifier"] = list
	}
	return wire.AsObject(shape.Plain(out))
}

func createGroup(c *core.Call) (any, error) {
	properties := given(c.In)
	properties["AutoScalingGroupName"] = c.In.String("AutoScalingGroupName")
	_, err := c.Create(GroupType, properties, core.Tags(c.In["Tags"]))
	return core.Out{}, err
}

func updateGroup(c *core.Call) (any, error) {
	r, err := group(c)
	if err != nil {
		return nil, err
	}
	_, err = c.Update(GroupType, r.ID, given(c.In))
	return core.Out{}, err
}

func deleteGroup(c *core.Call) (any, error) {
	r, err := group(c)
	if err != nil {
		return nil, err
	}
	return core.Out{}, c.Delete(GroupType, r.ID)
}

func setDesired(c *core.Call) (any, error) {
	r, err := group(c)
	if err != nil {
		return nil, err
	}
	p, wanted := wire.Object(r.Properties), c.In.Int("DesiredCapacity", 0)
	if wanted > p.Int("MaxSize", 0) {
		return nil, wire.Errorf(400, "ValidationError", "New SetDesiredCapacity value %d is above max value %s for the AutoScalingGroup.", wanted, p.String("MaxSize"))
	}
	_, err = c.Update(GroupType, r.ID, map[string]any{"DesiredCapacity": float64(wanted)})
	return core.Out{}, err
}

// change alters what is no property of the group of the request.
func change(c *core.Call, with func(*store.Resource)) (any, error) {
	r, err := group(c)
	if err != nil {
		return nil, err
	}
	_, _, err = c.World.Store.Update(r.Scope, GroupType, r.ID, func(r *store.Resource) error {
		with(r)
		return nil
	})
	return core.Out{}, err
}

func suspend(c *core.Call) (any, error) {
	names := c.In.List("ScalingProcesses")
	if len(names) == 0 {
		names = []any{"Launch", "Terminate", "HealthCheck", "ReplaceUnhealthy", "AZRebalance", "AlarmNotification", "ScheduledActions", "AddToLoadBalancer", "InstanceRefresh"}
	}
	return change(c, func(r *store.Resource) { r.Private["Suspended"] = names })
}

func resume(c *core.Call) (any, error) {
	names := c.In.Strings("ScalingProcesses")
	return change(c, func(r *store.Resource) {
		list := slices.DeleteFunc(wire.Object(r.Private).List("Suspended"), func(v any) bool { return len(names) == 0 || slices.Contains(names, wire.Text(v)) })
		r.Private["Suspended"] = list
	})
}

func attach(c *core.Call) (any, error) {
	return change(c, func(r *store.Resource) {
		r.Properties["TargetGroupARNs"] = append(wire.Object(r.Properties).List("TargetGroupARNs"), c.In.List("TargetGroupARNs")...)
	})
}

func detach(c *core.Call) (any, error) {
	gone := c.In.Strings("TargetGroupARNs")
	return change(c, func(r *store.Resource) {
		r.Properties["TargetGroupARNs"] = slices.DeleteFunc(wire.Object(r.Properties).List("TargetGroupARNs"), func(v any) bool { return slices.Contains(gone, wire.Text(v)) })
	})
}

func describeNotifications(c *core.Call) (any, error) {
	names := c.In.Strings("AutoScalingGroupNames")
	list := []any{}
	for _, r := range c.List(GroupType) {
		if len(names) > 0 && !slices.Contains(names, r.ID) {
			continue
		}
		for _, n := range wire.Object(r.Properties).Objects("NotificationConfigurations") {
			for _, event := range n.Strings("NotificationTypes") {
				topic := n["TopicARN"]
				if topics := n.Strings("TopicARN"); len(topics) > 0 {
					topic = topics[0]
				}
				list = append(list, core.Out{"AutoScalingGroupName": r.ID, "NotificationType": event, "TopicARN": topic})
			}
		}
	}
	return page(c, "NotificationConfigurations", list)
}

func setTags(c *core.Call) (any, error) {
	for _, tag := range c.In.Objects("Tags") {
		c.In["AutoScalingGroupName"] = tag.String("ResourceId")
		if _, err := change(c, func(r *store.Resource) { r.Tags[tag.String("Key")] = tag.String("Value") }); err != nil {
			return nil, err
		}
	}
	return core.Out{}, nil
}

func removeTags(c *core.Call) (any, error) {
	for _, tag := range c.In.Objects("Tags") {
		c.In["AutoScalingGroupName"] = tag.String("ResourceId")
		if _, err := change(c, func(r *store.Resource) { delete(r.Tags, tag.String("Key")) }); err != nil {
			return nil, err
		}
	}
	return core.Out{}, nil
}
