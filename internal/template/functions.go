package template

import (
	"encoding/base64"
	"strings"
)

// call evaluates one intrinsic function. Functions that decide something live in condition.go.
func (r *run) call(name string, argument any, path string) (any, error) {
	switch name {
	case "Ref":
		return r.ref(argument, path)
	case "Fn::GetAtt":
		return r.getAtt(argument, path)
	case "Fn::Sub":
		return r.sub(argument, path)
	case "Fn::Join":
		return r.joinList(argument, path)
	case "Fn::Split":
		return r.split(argument, path)
	case "Fn::Select":
		return r.selectItem(argument, path)
	case "Fn::FindInMap":
		return r.findInMap(argument, path)
	case "Fn::If":
		return r.ifElse(argument, path)
	case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not":
		return r.boolean(map[string]any{name: argument}, strings.TrimSuffix(path, "/"+name))
	case "Fn::Base64":
		return r.base64(argument, path)
	case "Fn::Cidr":
		return r.cidr(argument, path)
	case "Fn::GetAZs":
		return r.getAZs(argument, path)
	case "Fn::ImportValue":
		return r.importValue(argument, path)
	case "Fn::GetStackOutput":
		return r.stackOutput(argument, path)
	case "Fn::Length", "Fn::ToJsonString":
		return r.languageExtension(name, argument, path)
	case "Fn::Transform":
		return r.transform(argument, path)
	}
	if strings.HasPrefix(name, loopPrefix) {
		return nil, r.fail(path, "Template error: Fn::ForEach needs the transform AWS::LanguageExtensions, and a map around it that is part of a resource, condition or output.")
	}
	return nil, r.fail(path, "Template error: encountered unsupported function: %s Supported functions are: [Fn::And, Fn::Base64, Fn::Cidr, Fn::Equals, Fn::FindInMap, Fn::ForEach, Fn::GetAtt, Fn::GetAZs, Fn::GetStackOutput, Fn::If, Fn::ImportValue, Fn::Join, Fn::Length, Fn::Not, Fn::Or, Fn::Select, Fn::Split, Fn::Sub, Fn::ToJsonString, Fn::Transform, Ref]", name)
}

func (r *run) languageExtension(name string, argument any, path string) (any, error) {
	if !r.e.t.hasTransform(languageExtensions) {
		return nil, r.fail(path, "Template error: %s needs the transform AWS::LanguageExtensions.", name)
	}
	if name == "Fn::Length" {
		return r.length(argument, path)
	}
	return r.toJSON(argument, path)
}

// word is a scalar that was evaluated: its text, and whether that text holds symbols.
type word struct {
	text    string
	unknown bool
}

// value gives the word back as a tree node.
func (w word) value() any {
	if w.unknown {
		return unresolved(w.text)
	}
	return w.text
}

// anyUnknown tells whether any of several words holds symbols.
func anyUnknown(words ...word) bool {
	for _, w := range words {
		if w.unknown {
			return true
		}
	}
	return false
}

// word evaluates a node that must be a scalar; otherwise the fault says message.
func (r *run) word(node any, path, message string) (word, error) {
	v, err := r.value(node, path)
	if err != nil {
		return word{}, err
	}
	return r.wordOf(v, path, message)
}

func (r *run) wordOf(v any, path, message string) (word, error) {
	if u, ok := v.(unresolved); ok {
		return word{string(u), true}, nil
	}
	text, ok := scalarText(v)
	if !ok {
		return word{}, r.fail(path, "%s", message)
	}
	return word{text, false}, nil
}

const base64Message = "Template error: every Fn::Base64 object must have a String-typed value."

func (r *run) base64(argument any, path string) (any, error) {
	w, err := r.word(argument, path, base64Message)
	if err != nil {
		return nil, err
	}
	if w.unknown {
		return r.unknown("Fn::Base64", w.text), nil
	}
	out := base64.StdEncoding.EncodeToString([]byte(w.text))
	return out, r.made(out, path)
}

// transform stands for what a macro would insert.
func (r *run) transform(argument any, path string) (any, error) {
	m, _ := argument.(map[string]any)
	name, ok := m["Name"].(string)
	if !ok {
		return nil, r.fail(path, "Template error: every Fn::Transform object must have a Name.")
	}
	return r.unknown("Transform", name), nil
}

const importMessage = "Template error: the attribute in Fn::ImportValue must not depend on any resources, imported values, or Fn::GetAZs"

func (r *run) importValue(argument any, path string) (any, error) {
	if r.inCondition {
		return nil, r.fail(path, "Template error: Cannot use Fn::ImportValue in Conditions.")
	}
	w, err := r.word(argument, path, importMessage)
	if err != nil {
		return nil, err
	}
	if !w.unknown && r.e.scope.Import != nil {
		if v, ok := r.e.scope.Import(w.text); ok {
			return closed(v), nil
		}
	}
	return r.unknown("Import", w.text), nil
}

const stackOutputMessage = "Template error: every Fn::GetStackOutput object requires the strings StackName and OutputName, and may have Region and RoleArn"

func (r *run) stackOutput(argument any, path string) (any, error) {
	m, ok := argument.(map[string]any)
	if !ok {
		return nil, r.fail(path, stackOutputMessage)
	}
	fields := map[string]word{"Region": {text: r.e.scope.Region}}
	for _, key := range sortedKeys(m) {
		w, err := r.word(m[key], join(path, key), stackOutputMessage)
		if err != nil {
			return nil, err
		}
		fields[key] = w
	}
	ref := StackOutput{Stack: fields["StackName"].text, Output: fields["OutputName"].text, Region: fields["Region"].text, RoleARN: fields["RoleArn"].text}
	if ref.Stack == "" || ref.Output == "" {
		return nil, r.fail(path, stackOutputMessage)
	}
	known := !anyUnknown(fields["StackName"], fields["OutputName"], fields["Region"], fields["RoleArn"])
	if known && r.e.scope.StackOutput != nil {
		if v, ok := r.e.scope.StackOutput(ref); ok {
			return closed(v), nil
		}
	}
	return r.unknown("StackOutput", ref.Region, ref.Stack, ref.Output), nil
}

func (r *run) getAZs(argument any, path string) (any, error) {
	w, err := r.word(argument, path, "Template error: Fn::GetAZs must have a single string or a Ref to AWS::Region as its value.")
	if err != nil {
		return nil, err
	}
	s := r.e.scope
	region := w.text
	if region == "" {
		region = s.Region
	}
	if !w.unknown && region == s.Region && len(s.AvailabilityZones) > 0 {
		return closed(s.AvailabilityZones), nil
	}
	if region == "" {
		region = "${AWS::Region}"
	}
	return r.unknown("AZs", region), nil
}
