package drift

import "strings"

// holding says which properties hold, beside a number that only counts, what a
// resource of another type is made of: the version of a function that an alias
// serves, the version of a launch template that a group starts from. Inside them
// the rules and the shape of that type hold.
var holding = []struct{ Type, Property, Of, Part string }{
	{"AWS::AutoScaling::AutoScalingGroup", "LaunchTemplate.LaunchTemplateData", "AWS::EC2::LaunchTemplate", "LaunchTemplateData"},
	{"AWS::AutoScaling::AutoScalingGroup", "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateData", "AWS::EC2::LaunchTemplate", "LaunchTemplateData"},
	{"AWS::AutoScaling::AutoScalingGroup", "MixedInstancesPolicy.LaunchTemplate.Overrides.*.LaunchTemplateSpecification.LaunchTemplateData", "AWS::EC2::LaunchTemplate", "LaunchTemplateData"},
	{"AWS::EKS::Nodegroup", "LaunchTemplate.LaunchTemplateData", "AWS::EC2::LaunchTemplate", "LaunchTemplateData"},
	{typeAlias, servedConfiguration, "AWS::Lambda::Function", ""},
	{typeVersion, servedConfiguration, "AWS::Lambda::Function", ""},
}

// Held lists the properties of a type inside which the rules of another type
// hold, with that type.
func Held(typeName string) [][2]string {
	var list [][2]string
	for _, h := range holding {
		if h.Type == typeName {
			list = append(list, [2]string{h.Property, h.Of})
		}
	}
	return list
}

// servedConfiguration is what a version of a function keeps of the function's configuration.
const servedConfiguration = "Configuration"

const typeAlias = "AWS::Lambda::Alias"

// placed is where a path of the type that is held stands in the type that holds
// it; false where the path leads to something that is not held.
func placed(property, part, path string) (string, bool) {
	switch {
	case strings.HasPrefix(path, "**."):
		return "", false // it holds at any depth
	case part == "" && path != "":
		return property + "." + path, true
	case path == part:
		return property, true
	}
	below, ok := strings.CutPrefix(path, part+".")
	return property + "." + below, ok && part != ""
}

// heldRules are the rules of what is held, at the place where it stands.
func heldRules(rules []Rule) []Rule {
	var all []Rule
	for _, h := range holding {
		for _, r := range rules {
			if r.Type != h.Of {
				continue
			}
			if where, ok := placed(h.Property, h.Part, r.Property); ok {
				r.Type, r.Property = h.Type, where
				all = append(all, r)
			}
		}
	}
	return all
}

// markHeld gives the shape of a type the traits of what it holds.
func (s *shape) markHeld(typeName string) {
	for _, h := range holding {
		if h.Type != typeName {
			continue
		}
		for _, t := range propertyTraits {
			if t.Type != h.Of {
				continue
			}
			if where, ok := placed(h.Property, h.Part, t.Property); ok {
				s.mark(where, ".", t.Traits)
			}
		}
	}
}

// ofTheFunction reports whether a version is configured, in both Regions, as the
// function is: the function has that finding, and whoever accepts it there has
// accepted it here.
func (c *comparer) ofTheFunction(p *couple, d difference) bool {
	ours, theirs, ok := c.functionOf(p, d)
	return ok && alike(d.primary, ours) && alike(d.standby, theirs)
}

// functionOf is what the function itself has where its version differs.
func (c *comparer) functionOf(p *couple, d difference) (ours, theirs *node, ok bool) {
	if p.primary.Type != typeAlias && p.primary.Type != typeVersion || len(d.path) < 2 || d.path[0].name != servedConfiguration {
		return nil, nil, false
	}
	for _, m := range p.left.child("FunctionName").mentions() {
		left, right := c.primary.resources[m.key], c.standby.resources[m.key]
		if m.peer || left == nil || right == nil || left.Type != "AWS::Lambda::Function" {
			continue
		}
		ours, _ = c.primary.resource(left).reach(d.path[1:])
		theirs, _ = c.standby.resource(right).reach(d.path[1:])
		return ours, theirs, true
	}
	return nil, nil, false
}
