package predict

import (
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/terraform"
)

// typeOf says, by type, which property decides the type of what starts.
var typeOf = map[string]string{
	"AWS::EC2::Instance":       "InstanceType",
	"AWS::EC2::LaunchTemplate": "LaunchTemplateData.InstanceType",
	"AWS::EKS::Nodegroup":      "InstanceTypes",
}

// startsOnly are the instance types that something starts after a change of
// nothing else that decides about its machines; none where more changes, or where
// what is declared names no type that can be read off.
func startsOnly(typeName string, changes func(property string) bool, next map[string]any) []any {
	decides := typeOf[typeName]
	if decides == "" || next == nil {
		return nil
	}
	for _, property := range machineProperties[typeName] {
		if property != decides && changes(property) {
			return nil
		}
	}
	var types []any
	switch named := terraform.Property(next, decides).(type) {
	case string:
		types = []any{named}
	case []any:
		types = named
	}
	if slices.ContainsFunc(types, func(v any) bool { name, ok := v.(string); return !ok || name == "" || strings.ContainsAny(name, "${}") }) {
		return nil
	}
	return types
}

// launchedBy reports whether a resource is the one that changes, or a group that
// takes the newest version of the launch template that does: by a reference to its
// latest version in the same stack, or by $Latest. $Default stays what it is.
// Source: CloudFormation template reference, AWS::EC2::LaunchTemplate.
func (a *application) launchedBy(key, changed string) bool {
	if key == changed {
		return true
	}
	at := slices.IndexFunc(a.out.Resources, func(r drift.Resource) bool { return r.Key == key && r.Type == groupType })
	if at < 0 || a.out.Resources[at].Declared["MixedInstancesPolicy"] != nil {
		return false
	}
	names := []string{changed}
	if slash := strings.LastIndexByte(changed, '/'); strings.LastIndexByte(key, '/') == slash && strings.HasPrefix(key, changed[:slash+1]) {
		names = append(names, changed[slash+1:]) // as their own stack calls it
	}
	launches, _ := a.out.Resources[at].Declared["LaunchTemplate"].(map[string]any)
	return slices.ContainsFunc(names, func(name string) bool {
		return launches["LaunchTemplateId"] == "${"+name+"}" && (launches["Version"] == "${"+name+".LatestVersionNumber}" || launches["Version"] == "$Latest")
	})
}

// restarted are machines of which others are started from now on: as many, of the
// first of the types. A group replaces what runs one by one, at its own time; until
// then what leaves counts as well. It is nil where nobody knows what they are.
func restarted(value any, starts []any, atOnce bool) any {
	machines, _ := value.(map[string]any)
	if machines == nil || machines["Weighted"] == true || machines["Attributes"] == true {
		return nil
	}
	out := maps.Clone(machines)
	out["Starts"] = starts
	running, _ := machines["Running"].(map[string]any)
	if len(running) == 0 {
		return out
	}
	total := 0.0
	for _, n := range running {
		total = shifted(n, total)
	}
	first, _ := starts[0].(string)
	out["Running"] = map[string]any{first: total}
	if !atOnce {
		out["Leaving"] = running
	}
	return out
}
