package predict

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// machineProperties decide which machines run and what they need. What was
// counted before a change of one of them says nothing about what runs after it.
// How many there are is for sizes to say.
var machineProperties = map[string][]string{
	"AWS::EC2::Instance":                    {"InstanceType", "LaunchTemplate", "BlockDeviceMappings", "AvailabilityZone"},
	"AWS::AutoScaling::AutoScalingGroup":    {"LaunchTemplate", "MixedInstancesPolicy", "LaunchConfigurationName", "InstanceId", "CapacityReservationSpecification"},
	"AWS::EKS::Nodegroup":                   {"InstanceTypes", "LaunchTemplate", "CapacityType", "DiskSize"},
	"AWS::AutoScaling::LaunchConfiguration": {"InstanceType", "BlockDeviceMappings", "InstanceId", "SpotPrice"},
	"AWS::EC2::LaunchTemplate": {"LaunchTemplateData.InstanceType", "LaunchTemplateData.InstanceRequirements",
		"LaunchTemplateData.BlockDeviceMappings", "LaunchTemplateData.InstanceMarketOptions", "LaunchTemplateData.CapacityReservationSpecification"},
}

// launches are the properties by which something names what it launches.
var launches = []string{"LaunchTemplate", "MixedInstancesPolicy", "LaunchConfigurationName"}

// uncount forgets what runs where a change decides it anew; next is what is
// declared then, nil where that is not known. Who uses a launch template may be
// said in another stack: then nobody who uses any is counted. Who certainly takes
// another type, and nothing else anew, starts that type from then on.
func (a *application) uncount(key, typeName string, changes func(property string) bool, next map[string]any) {
	if !slices.ContainsFunc(machineProperties[typeName], changes) {
		return
	}
	users := map[string]bool{key: true}
	if strings.Contains(typeName, "::Launch") {
		for _, r := range a.out.Resources {
			users[r.Key] = users[r.Key] || slices.ContainsFunc(launches, func(name string) bool { return r.Properties[name] != nil || r.Declared[name] != nil })
		}
	}
	starts := startsOnly(typeName, changes, next)
	for i, f := range a.out.Facts {
		if f.Kind != drift.FactMachines || !users[f.Subject] {
			continue
		}
		a.out.Facts[i].Value = nil
		if len(starts) > 0 && a.launchedBy(f.Subject, key) {
			a.out.Facts[i].Value = restarted(f.Value, starts, f.Subject == key)
		}
	}
	a.forget(func(f drift.Fact) bool {
		return users[f.Subject] && (f.Kind == drift.FactCapacityScore || f.Kind == drift.FactMachines && f.Value == nil)
	})
}

// differ reports of a property, or of a member of one, whether two differ in it.
func differ(now, next map[string]any) func(string) bool {
	return func(property string) bool {
		name, member, within := strings.Cut(property, ".")
		a, isObject := now[name].(map[string]any)
		b, isObject2 := next[name].(map[string]any)
		if !within || !isObject || !isObject2 {
			return !same(now[name], next[name])
		}
		return !same(a[member], b[member])
	}
}

// among reports of a property whether a change set says that it changes.
func among(names []string) func(string) bool {
	return func(property string) bool {
		name, _, _ := strings.Cut(property, ".")
		return slices.Contains(names, name)
	}
}

func anything(string) bool { return true }
