package template

import (
	"fmt"
	"strconv"
	"strings"
)

const loopPrefix = "Fn::ForEach::"

// decode gives the parts of a template their types. It fails with the first part, in source order, whose shape makes that
// impossible.
func decode(root map[string]any, positions map[string]Position, moved map[string]string) (*Template, error) {
	t := &Template{root: root, positions: positions, moved: moved}
	d := &decoder{t: t}
	t.FormatVersion = d.text("AWSTemplateFormatVersion", root["AWSTemplateFormatVersion"])
	t.Description = d.text("Description", root["Description"])
	t.Metadata = root["Metadata"]
	t.Transforms = d.transforms(root["Transform"])
	t.Rules = d.section("Rules")
	t.Mappings = d.section("Mappings")
	t.Conditions = d.section("Conditions")
	t.Parameters = map[string]Parameter{}
	for name, body := range d.members("Parameters") {
		t.Parameters[name] = d.parameter(join("Parameters", name), body)
	}
	t.Resources = map[string]Resource{}
	for id, body := range d.members("Resources") {
		t.Resources[id] = d.resource(join("Resources", id), body)
	}
	t.Outputs = map[string]Output{}
	for name, body := range d.members("Outputs") {
		t.Outputs[name] = d.output(join("Outputs", name), body)
	}
	if len(d.problems) > 0 {
		d.problems.asError() // sorts
		return nil, d.problems[0]
	}
	return t, nil
}

type decoder struct {
	t        *Template
	problems Problems
}

func (d *decoder) fail(path, format string, args ...any) {
	d.problems = append(d.problems, d.t.errorAt(path, "Template format error: "+fmt.Sprintf(format, args...)))
}

// section is a top-level map without loops and transforms, which only an Evaluator can expand.
func (d *decoder) section(name string) map[string]any {
	out := map[string]any{}
	raw, present := d.t.root[name]
	if !present {
		return out
	}
	m, ok := raw.(map[string]any)
	if !ok && raw != nil {
		d.fail(name, "[/%s] must be an object.", name)
	}
	for key, value := range m {
		if !strings.HasPrefix(key, loopPrefix) && key != "Fn::Transform" {
			out[key] = value
		}
	}
	return out
}

func (d *decoder) members(section string) map[string]map[string]any {
	out := map[string]map[string]any{}
	for name, body := range d.section(section) {
		m, ok := body.(map[string]any)
		if !ok {
			d.fail(join(section, name), "[/%s/%s] must be an object.", section, name)
			continue
		}
		out[name] = m
	}
	return out
}

// text reads an optional scalar.
func (d *decoder) text(path string, v any) string {
	if v == nil {
		return ""
	}
	text, ok := scalarText(v)
	if !ok {
		d.fail(path, "[/%s] must be a string.", path)
	}
	return text
}

// word reads an optional scalar that may also be an intrinsic function, which is then left out.
func (d *decoder) word(path string, v any) string {
	if _, ok := v.(map[string]any); ok {
		return ""
	}
	return d.text(path, v)
}

func (d *decoder) texts(path string, v any) []string {
	list, ok := v.([]any)
	if !ok {
		if v == nil {
			return nil
		}
		list = []any{v}
	}
	out := make([]string, 0, len(list))
	for i, item := range list {
		out = append(out, d.text(joinIndex(path, i), item))
	}
	return out
}

// transforms reads a name, a list of names, or the {Name, Parameters} form.
func (d *decoder) transforms(v any) []string {
	list, ok := v.([]any)
	if !ok {
		if v == nil {
			return nil
		}
		list = []any{v}
	}
	var out []string
	for i, item := range list {
		path := joinIndex("Transform", i)
		if m, ok := item.(map[string]any); ok {
			item = m["Name"]
		}
		if name := d.text(path, item); name != "" {
			out = append(out, name)
		}
	}
	return out
}

func (d *decoder) parameter(path string, m map[string]any) Parameter {
	p := Parameter{
		Type:                  d.text(path+"/Type", m["Type"]),
		Description:           d.text(path+"/Description", m["Description"]),
		NoEcho:                d.text(path+"/NoEcho", m["NoEcho"]) == "true",
		AllowedValues:         d.texts(path+"/AllowedValues", m["AllowedValues"]),
		AllowedPattern:        d.text(path+"/AllowedPattern", m["AllowedPattern"]),
		ConstraintDescription: d.text(path+"/ConstraintDescription", m["ConstraintDescription"]),
		MinLength:             d.integer(path+"/MinLength", m["MinLength"]),
		MaxLength:             d.integer(path+"/MaxLength", m["MaxLength"]),
		MinValue:              d.number(path+"/MinValue", m["MinValue"]),
		MaxValue:              d.number(path+"/MaxValue", m["MaxValue"]),
		Pos:                   d.t.Position(path),
	}
	if v, ok := m["Default"]; ok && v != nil {
		text := d.text(path+"/Default", v)
		p.Default = &text
	}
	return p
}

func (d *decoder) number(path string, v any) *float64 {
	text := d.text(path, v)
	if text == "" {
		return nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		d.fail(path, "[/%s] must be a number.", path)
		return nil
	}
	return &f
}

func (d *decoder) integer(path string, v any) *int {
	f := d.number(path, v)
	if f == nil {
		return nil
	}
	n := int(*f)
	return &n
}

// conditionName and dependsOn fail in CloudFormation's words.
func (d *decoder) conditionName(path string, v any) string {
	name, ok := v.(string)
	if v != nil && !ok {
		d.fail(path, "Every Condition member must be a string.")
	}
	return name
}

func (d *decoder) dependsOn(path string, v any) []string {
	list, ok := v.([]any)
	if !ok && v != nil {
		list = []any{v}
	}
	var out []string
	for _, item := range list {
		id, ok := item.(string)
		if !ok {
			d.fail(path, "DependsOn must be a string or list of strings.")
			return nil
		}
		out = append(out, id)
	}
	return out
}

func (d *decoder) resource(path string, m map[string]any) Resource {
	return Resource{
		Type:                d.text(path+"/Type", m["Type"]),
		Condition:           d.conditionName(path+"/Condition", m["Condition"]),
		DependsOn:           d.dependsOn(path+"/DependsOn", m["DependsOn"]),
		DeletionPolicy:      d.word(path+"/DeletionPolicy", m["DeletionPolicy"]),
		UpdateReplacePolicy: d.word(path+"/UpdateReplacePolicy", m["UpdateReplacePolicy"]),
		Properties:          m["Properties"],
		Metadata:            m["Metadata"],
		CreationPolicy:      m["CreationPolicy"],
		UpdatePolicy:        m["UpdatePolicy"],
		Pos:                 d.t.Position(path),
	}
}

func (d *decoder) output(path string, m map[string]any) Output {
	o := Output{
		Description: d.word(path+"/Description", m["Description"]),
		Value:       m["Value"],
		Condition:   d.conditionName(path+"/Condition", m["Condition"]),
		Pos:         d.t.Position(path),
	}
	if export, ok := m["Export"]; ok && export != nil {
		e, ok := export.(map[string]any)
		if !ok || e["Name"] == nil {
			d.fail(path+"/Export", "[/%s/Export] must be an object with a Name.", path)
		}
		o.ExportName = e["Name"]
	}
	return o
}
