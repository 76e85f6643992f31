package template

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// CloudFormation's quotas on one template.
const (
	maxParameters  = 200
	maxMappings    = 200
	maxResources   = 500
	maxOutputs     = 200
	maxDescription = 1024 // bytes
)

// sections are the members a template may have. Globals belongs to the Serverless transform.
var sections = map[string]bool{
	"AWSTemplateFormatVersion": true, "Conditions": true, "Description": true, "Hooks": true, "Mappings": true,
	"Metadata": true, "Outputs": true, "Parameters": true, "Resources": true, "Rules": true, "Transform": true,
}

// resourceMembers are the members a resource may have.
var resourceMembers = map[string]bool{
	"Condition": true, "CreationPolicy": true, "DeletionPolicy": true, "DependsOn": true, "Description": true, "Metadata": true,
	"Properties": true, "Type": true, "UpdatePolicy": true, "UpdateReplacePolicy": true, "Version": true,
}

var (
	logicalName   = regexp.MustCompile(`^[A-Za-z0-9]+$`)
	resourceType  = regexp.MustCompile(`^[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}(::MODULE)?$|^Custom::[A-Za-z0-9_@-]{1,60}$`)
	parameterType = regexp.MustCompile(`^(String|Number|CommaDelimitedList|List<(Number|String)>|AWS::SSM::Parameter::Name|AWS::[A-Za-z0-9]+(::[A-Za-z0-9]+)+|List<AWS::[A-Za-z0-9]+(::[A-Za-z0-9]+)+>|AWS::SSM::Parameter::Value<(String|List<String>|CommaDelimitedList|AWS::[A-Za-z0-9:]+|List<AWS::[A-Za-z0-9:]+>)>)$`)
)

// Validate makes the checks CloudFormation makes of a template alone, before parameters are known: sections, quotas, names,
// types, nulls, and that whatever is mentioned exists. All faults come back together as Problems. Names that a loop produces are
// checked when the defaults of the parameters say what it produces; what a macro or the Serverless transform may add is
// not missed.
func (t *Template) Validate() error {
	v := &validator{t: t}
	for _, at := range t.aliases {
		v.problems = append(v.problems, &Error{Line: at.Line, Column: at.Column,
			Message: "Template error: YAML aliases are not allowed in CloudFormation templates."})
	}
	v.root()
	v.parameters()
	v.resources()
	for _, section := range []string{"Resources", "Conditions", "Outputs", "Mappings"} {
		v.nulls(t.root[section], section)
	}
	if expanded, ok := v.expanded(); ok {
		names := &validator{t: expanded}
		names.mentions()
		v.problems = append(v.problems, names.problems...)
	}
	return v.problems.asError()
}

type validator struct {
	t        *Template
	problems Problems
}

func (v *validator) fail(path, format string, args ...any) {
	v.problems = append(v.problems, v.t.errorAt(path, fmt.Sprintf(format, args...)))
}

// expanded is the template with its loops written out, as far as the defaults of the parameters allow. ok is false when they
// do not, and then names cannot be checked here.
func (v *validator) expanded() (*Template, bool) {
	if v.t.opaque() {
		return nil, false
	}
	values := map[string]string{}
	for name, p := range v.t.Parameters {
		if p.Default != nil {
			values[name] = *p.Default
		} else if hasLoop(v.t.root) {
			return nil, false
		}
	}
	e := &Evaluator{t: v.t, parameters: values, conditions: map[string]*verdict{}}
	expanded, err := e.expandLoops()
	var unknown *UnknownError
	var fault *Error
	if errors.As(err, &unknown) {
		return nil, false
	}
	if errors.As(err, &fault) {
		v.problems = append(v.problems, fault)
	}
	return expanded, err == nil
}

func (v *validator) root() {
	t := v.t
	var unknown []string
	for _, key := range sortedKeys(t.root) {
		if !sections[key] && key != "Fn::Transform" && !(key == "Globals" && t.hasTransform(serverless)) {
			unknown = append(unknown, key)
		}
	}
	if len(unknown) > 0 {
		v.fail(join("", unknown[0]), "Invalid template property or properties [%s]", strings.Join(unknown, ", "))
	}
	if _, given := t.root["AWSTemplateFormatVersion"]; given && t.FormatVersion != "2010-09-09" {
		v.fail("AWSTemplateFormatVersion", "Template format error: %s is not a supported value for AWSTemplateFormatVersion.", t.FormatVersion)
	}
	if len(t.Description) > maxDescription {
		v.fail("Description", "Template format error: 'Description' length is greater than %d.", maxDescription)
	}
	if _, given := t.root["Resources"]; !given {
		v.fail("", "Template format error: Every template must contain a Resources member.")
	} else if len(sectionOf(t, "Resources")) == 0 {
		v.fail("Resources", "Template format error: At least one Resources member must be defined.")
	}
	for _, quota := range []struct {
		section, noun string
		count, limit  int
	}{
		{"Parameters", "parameters", len(t.Parameters), maxParameters},
		{"Mappings", "mappings", len(t.Mappings), maxMappings},
		{"Resources", "resources", len(t.Resources), maxResources},
		{"Outputs", "outputs", len(t.Outputs), maxOutputs},
	} {
		if quota.count > quota.limit {
			v.fail(quota.section, "Template format error: Number of %s, %d, is greater than maximum allowed, %d", quota.noun, quota.count, quota.limit)
		}
	}
}

func (v *validator) parameters() {
	for _, name := range sortedKeys(v.t.Parameters) {
		p, path := v.t.Parameters[name], join("Parameters", name)
		switch {
		case !logicalName.MatchString(name):
			v.fail(path, "Template format error: Parameter name %s is non alphanumeric.", name)
		case p.Type == "":
			v.fail(path, "Template format error: Every Parameters object must contain a Type member.")
		case !parameterType.MatchString(p.Type):
			v.fail(path+"/Type", "Template format error: Unrecognized parameter type: %s", p.Type)
		}
		if p.Default != nil {
			if message := p.violation(name, *p.Default); message != "" {
				v.fail(path+"/Default", "Template format error: %s", message)
			}
		}
	}
}

func (v *validator) resources() {
	var unrecognised []string
	for _, id := range sortedKeys(v.t.Resources) {
		res, path := v.t.Resources[id], join("Resources", id)
		if !logicalName.MatchString(id) {
			v.fail(path, "Template format error: Resource name %s is non alphanumeric.", id)
		}
		if res.Type == "" {
			v.fail(path, "Template format error: [/Resources/%s] Every Resources object must contain a Type member.", id)
		} else if !resourceType.MatchString(res.Type) {
			unrecognised = append(unrecognised, id)
		}
		body, _ := sectionOf(v.t, "Resources")[id].(map[string]any)
		for _, key := range sortedKeys(body) {
			if !resourceMembers[key] && !(key == "Connectors" && v.t.hasTransform(serverless)) {
				v.fail(join(path, key), "Invalid template resource property '%s'", key)
			}
		}
	}
	if len(unrecognised) > 0 {
		names := make([]string, len(unrecognised))
		for i, id := range unrecognised {
			names[i] = v.t.Resources[id].Type
		}
		v.fail(join("Resources", unrecognised[0])+"/Type", "Template format error: Unrecognized resource types: [%s]", strings.Join(names, ", "))
	}
	for _, name := range sortedKeys(v.t.Outputs) {
		path := join("Outputs", name)
		if !logicalName.MatchString(name) {
			v.fail(path, "Template format error: Output name %s is non alphanumeric.", name)
		}
		if body, _ := sectionOf(v.t, "Outputs")[name].(map[string]any); body["Value"] == nil {
			v.fail(path, "Template format error: [/Outputs/%s] Every Outputs member must contain a Value object", name)
		}
	}
}

// nulls finds null values, which CloudFormation refuses anywhere. A section that is null as a whole is empty.
func (v *validator) nulls(node any, path string) {
	switch n := node.(type) {
	case []any:
		for i, item := range n {
			v.null(item, joinIndex(path, i))
		}
	case map[string]any:
		for _, key := range sortedKeys(n) {
			v.null(n[key], join(path, key))
		}
	}
}

func (v *validator) null(node any, path string) {
	if node == nil {
		v.fail(path, "Template format error: [/%s] 'null' values are not allowed in templates", path)
		return
	}
	v.nulls(node, path)
}

// mentions checks that what is mentioned exists.
func (v *validator) mentions() {
	v.block("Conditions", func(w references) {
		for _, name := range sortedKeys(v.t.Conditions) {
			w.boolean(v.t.Conditions[name], join("Conditions", name))
		}
	})
	v.block("Resources", func(w references) {
		for _, id := range sortedKeys(v.t.Resources) {
			path := join("Resources", id)
			if name := v.t.Resources[id].Condition; name != "" {
				w.visit(reference{toCondition, name, "", path + "/Condition"})
			}
			for _, need := range v.t.Resources[id].DependsOn {
				if _, ok := v.t.Resources[need]; !ok {
					w.visit(reference{toResource, need, "", path + "/DependsOn"})
				}
			}
			w.resource(v.t, id)
		}
	})
	v.block("Outputs", func(w references) {
		for _, name := range sortedKeys(v.t.Outputs) {
			path := join("Outputs", name)
			if condition := v.t.Outputs[name].Condition; condition != "" {
				w.visit(reference{toCondition, condition, "", path + "/Condition"})
			}
			w.walk(v.t.Outputs[name].Value, path+"/Value")
			w.walk(v.t.Outputs[name].ExportName, path+"/Export/Name")
		}
	})
}

// block walks one section and reports what is missing: names together, the rest one by one.
func (v *validator) block(section string, walk func(references)) {
	missing := map[string]string{} // name → where it is mentioned first
	walk(references{visit: func(ref reference) {
		switch ref.kind {
		case toCondition:
			v.conditionExists(section, ref)
		case toAttribute:
			if _, ok := v.t.Resources[ref.id]; !ok && section != "Conditions" {
				v.fail(ref.path, "Template error: instance of %s references undefined resource %s", functionOf(ref.path), ref.id)
				return
			}
			if section == "Conditions" {
				v.note(missing, ref)
			}
		case toResource:
			v.note(missing, ref)
		case toValue:
			_, isParameter := v.t.Parameters[ref.id]
			_, isResource := v.t.Resources[ref.id]
			if !isParameter && !pseudoNames[ref.id] && (!isResource || section == "Conditions") {
				v.note(missing, ref)
			}
		}
	}})
	if len(missing) == 0 {
		return
	}
	names := sortedKeys(missing)
	format := "Template format error: Unresolved resource dependencies [%s] in the " + section + " block of the template"
	if section == "Conditions" {
		format = "Template format error: Unresolved dependencies [%s]. Cannot reference resources in the Conditions block of the template"
	}
	v.fail(missing[names[0]], format, strings.Join(names, ", "))
}

func (v *validator) note(missing map[string]string, ref reference) {
	if _, ok := missing[ref.id]; !ok {
		missing[ref.id] = ref.path
	}
}

func (v *validator) conditionExists(section string, ref reference) {
	if _, ok := v.t.Conditions[ref.id]; ok {
		return
	}
	if strings.Contains(ref.path, "/Fn::If/") {
		v.fail(ref.path, unresolvedIf, ref.id)
		return
	}
	v.fail(ref.path, "Template format error: Unresolved condition dependency %s in the %s block of the template", ref.id, section)
}

// functionOf is the function a path ends in: Fn::GetAtt or Fn::Sub.
func functionOf(path string) string {
	if strings.HasSuffix(path, "Fn::Sub") {
		return "Fn::Sub"
	}
	return "Fn::GetAtt"
}
