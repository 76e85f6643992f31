package cfn

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// iamNames is the property that gives an IAM resource a custom name, which needs CAPABILITY_NAMED_IAM. Source: the
// AWS documentation of CreateStack, "Capabilities".
func iamNames() map[string]string {
	return map[string]string{
		"AWS::IAM::AccessKey": "", "AWS::IAM::Group": "GroupName", "AWS::IAM::InstanceProfile": "InstanceProfileName",
		"AWS::IAM::ManagedPolicy": "ManagedPolicyName", "AWS::IAM::Policy": "", "AWS::IAM::Role": "RoleName",
		"AWS::IAM::User": "UserName", "AWS::IAM::UserToGroupAddition": "",
	}
}

// capability returns the capability a template needs, "" for none, and the types it needs it for.
func capability(t *template.Template) (need string, types []string) {
	names := iamNames()
	for _, r := range t.Resources {
		name, iam := names[r.Type]
		if !iam {
			continue
		}
		if !slices.Contains(types, r.Type) {
			types = append(types, r.Type)
		}
		if p := wire.AsObject(r.Properties); name != "" && p.Has(name) {
			need = "CAPABILITY_NAMED_IAM"
		} else if need == "" {
			need = "CAPABILITY_IAM"
		}
	}
	slices.Sort(types)
	return need, types
}

func checkCapabilities(t *template.Template, given []string) error {
	need, _ := capability(t)
	satisfied := need == "" || slices.Contains(given, need) || need == "CAPABILITY_IAM" && slices.Contains(given, "CAPABILITY_NAMED_IAM")
	if !satisfied {
		return wire.Errorf(400, "InsufficientCapabilitiesException", "Requires capabilities : [%s]", need)
	}
	if macros := macrosOf(t); len(macros) > 0 && !slices.Contains(given, "CAPABILITY_AUTO_EXPAND") {
		return wire.Errorf(400, "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_AUTO_EXPAND]")
	}
	return nil
}

// macrosOf lists the transforms that run code of somebody else.
func macrosOf(t *template.Template) []string {
	var out []string
	for _, name := range t.Transforms {
		if !strings.HasPrefix(name, "AWS::LanguageExtensions") {
			out = append(out, name)
		}
	}
	return out
}
