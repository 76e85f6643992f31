package template

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// shortForms are the YAML tags CloudFormation reads and the functions they stand for.
var shortForms = map[string]string{
	"!Ref": "Ref", "!Condition": "Condition",
	"!And": "Fn::And", "!Base64": "Fn::Base64", "!Cidr": "Fn::Cidr", "!Contains": "Fn::Contains",
	"!EachMemberEquals": "Fn::EachMemberEquals", "!EachMemberIn": "Fn::EachMemberIn", "!Equals": "Fn::Equals",
	"!FindInMap": "Fn::FindInMap", "!GetAtt": "Fn::GetAtt", "!GetAZs": "Fn::GetAZs", "!GetStackOutput": "Fn::GetStackOutput", "!If": "Fn::If",
	"!ImportValue": "Fn::ImportValue", "!Join": "Fn::Join", "!Length": "Fn::Length", "!Not": "Fn::Not", "!Or": "Fn::Or",
	"!RefAll": "Fn::RefAll", "!Select": "Fn::Select", "!Split": "Fn::Split", "!Sub": "Fn::Sub",
	"!ToJsonString": "Fn::ToJsonString", "!Transform": "Fn::Transform", "!ValueOf": "Fn::ValueOf", "!ValueOfAll": "Fn::ValueOfAll",
}

// tagged reads a node with a tag: a short form, or one of YAML's own.
func (r *yamlReader) tagged(n *ast.TagNode, path string, depth int) (any, *Error) {
	tag := n.Start.Value
	name, ok := shortForms[tag]
	if !ok {
		return r.standardTag(n, tag, path, depth)
	}
	if _, twice := n.Value.(*ast.TagNode); twice {
		return nil, r.fault(n, "YAML not well-formed: short forms cannot follow each other; write %s in full.", tag)
	}
	child := join(path, name)
	r.note(child, r.positionOf(n))
	// A scalar with a tag is text, whatever it looks like: "!Sub 1.10".
	if text, _, scalar := scalarOf(n.Value); scalar {
		if err := r.enter(depth+1, r.positionOf(n)); err != nil {
			return nil, err
		}
		return map[string]any{name: shortArgument(name, text)}, nil
	}
	value, err := r.value(n.Value, child, depth+1)
	if err != nil {
		return nil, err
	}
	return map[string]any{name: value}, nil
}

// shortArgument splits "!GetAtt Resource.Attribute" as CloudFormation does: at the first dot.
func shortArgument(name, text string) any {
	if name == "Fn::GetAtt" {
		if id, attribute, ok := strings.Cut(text, "."); ok {
			return []any{id, attribute}
		}
	}
	return text
}

func (r *yamlReader) standardTag(n *ast.TagNode, tag, path string, depth int) (any, *Error) {
	text, _, scalar := scalarOf(n.Value)
	switch tag {
	case "!!str", "!":
		if scalar {
			return text, nil
		}
	case "!!int", "!!float", "!!bool", "!!null":
		if scalar {
			return resolvePlain(text), nil
		}
	case "!!map", "!!seq":
		if !scalar {
			return r.value(n.Value, path, depth+1)
		}
	}
	return nil, r.fault(n, "YAML not well-formed: unsupported tag %s.", tag)
}
