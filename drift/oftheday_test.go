package drift

import (
	"strings"
	"testing"
)

// A version that no template names is whatever was current when a Region was
// made: a later one in the standby is no fault, an older one is.
func TestAVersionOfTheDayIsNoOlderInTheStandby(t *testing.T) {
	build := func(p testPlace, typeName, property, version string, declared bool) *Snapshot {
		s := lonely(p, typeName, props{property: version})
		if !declared {
			s.Resources[0].Declared = props{}
		}
		return s
	}
	const addon, nodes = "AWS::EKS::Addon", "AWS::EKS::Nodegroup"
	for name, c := range map[string]struct {
		typeName, property, primary, standby string
		declared                             bool
		says                                 string // "" for silence
	}{
		"the add-on of a later day":            {addon, "AddonVersion", "v1.9.3-eksbuild.2", "v1.18.0-eksbuild.1", false, ""},
		"the build of a later day":             {addon, "AddonVersion", "v1.18.0-eksbuild.2", "v1.18.0-eksbuild.11", false, ""},
		"the add-on of an earlier day":         {addon, "AddonVersion", "v1.18.0-eksbuild.1", "v1.9.3-eksbuild.2", false, "current on the day"},
		"the build of an earlier day":          {addon, "AddonVersion", "v1.18.0-eksbuild.11", "v1.18.0-eksbuild.2", false, "current on the day"},
		"a version that the templates name":    {addon, "AddonVersion", "v1.18.0-eksbuild.1", "v1.19.0-eksbuild.1", true, "The template says"},
		"an older one that the templates name": {addon, "AddonVersion", "v1.19.0-eksbuild.1", "v1.18.0-eksbuild.1", true, "The template says"},
		"the nodes of a later day":             {nodes, "ReleaseVersion", "1.33.0-20260901", "1.33.1-20261001", false, ""},
		"the nodes of an earlier day":          {nodes, "ReleaseVersion", "1.33.1-20261001", "1.33.0-20260901", false, "current on the day"},
	} {
		t.Run(name, func(t *testing.T) {
			found := Compare(build(east, c.typeName, c.property, c.primary, c.declared), build(west, c.typeName, c.property, c.standby, c.declared), options).Findings
			if (len(found) > 0) != (c.says != "") || len(found) > 0 && (found[0].Severity != Warn || !strings.Contains(found[0].Message, c.says)) {
				t.Errorf("want %q, have:%s", c.says, show(found))
			}
		})
	}
}

// What Terraform made, or what is chosen by tags, has no template: nothing says
// that a version was pinned, so its day is judged in the same way.
func TestAVersionWithoutATemplateIsNoOlderInTheStandby(t *testing.T) {
	const unread = "its template could not be read"
	for name, c := range map[string]struct{ typeName, property, primary, standby, undeclared, says string }{
		"the add-on of a later day":                 {"AWS::EKS::Addon", "AddonVersion", "v1.9.3-eksbuild.2", "v1.18.0-eksbuild.1", "", ""},
		"the add-on of an earlier day":              {"AWS::EKS::Addon", "AddonVersion", "v1.18.0-eksbuild.1", "v1.9.3-eksbuild.2", "", "The standby's is the older one."},
		"the nodes of a later day":                  {"AWS::EKS::Nodegroup", "ReleaseVersion", "1.33.0-20260901", "1.33.1-20261001", "", ""},
		"the nodes of an earlier day":               {"AWS::EKS::Nodegroup", "ReleaseVersion", "1.33.1-20261001", "1.33.0-20260901", "", "The standby's is the older one."},
		"a later one under a template nobody read":  {"AWS::EKS::Addon", "AddonVersion", "v1.9.3-eksbuild.2", "v1.18.0-eksbuild.1", unread, unread},
		"an older one, with a template nobody read": {"AWS::EKS::Addon", "AddonVersion", "v1.18.0-eksbuild.1", "v1.9.3-eksbuild.2", unread, unread},
	} {
		t.Run(name, func(t *testing.T) {
			build := func(p testPlace, version string) *Snapshot {
				s := lonely(p, c.typeName, props{c.property: version})
				s.Resources[0].Declared, s.Resources[0].Undeclared = nil, c.undeclared
				return s
			}
			found := Compare(build(east, c.primary), build(west, c.standby), options).Findings
			if (len(found) > 0) != (c.says != "") || len(found) > 0 && (found[0].Severity != Warn || !strings.Contains(found[0].Message, c.says)) {
				t.Errorf("want %q, have:%s", c.says, show(found))
			}
		})
	}
}
