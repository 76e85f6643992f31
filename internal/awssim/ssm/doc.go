// Package ssm simulates Parameter Store: parameters with versions, paths, tags and SecureString.
// It owns AWS::SSM::Parameter. It does not encrypt: a SecureString is stored as it is and returned masked unless decryption
// is asked for. Documents, sessions and the rest of Systems Manager are unknown operations.
package ssm

import "github.com/lockstep-dr/lockstep/internal/awssim/core"

// Type is the resource type of a parameter.
const Type = "AWS::SSM::Parameter"

// Service returns Parameter Store.
func Service() core.Service {
	tags := core.Tagging{Find: tagged, Show: func(_ *core.Call, tags map[string]string) (any, error) {
		return core.Out{"TagList": core.TagList(tags)}, nil
	}}
	return core.Service{
		Name: "ssm",
		Operations: map[string]core.Handler{
			"PutParameter":           putParameter,
			"GetParameter":           getParameter,
			"GetParameters":          getParameters,
			"GetParametersByPath":    getParametersByPath,
			"GetParameterHistory":    getParameterHistory,
			"DescribeParameters":     describeParameters,
			"DeleteParameter":        deleteParameter,
			"DeleteParameters":       deleteParameters,
			"AddTagsToResource":      tags.Add,
			"RemoveTagsFromResource": tags.Remove,
			"ListTagsForResource":    tags.List,
		},
		Kinds: []core.Kind{parameterKind()},
	}
}

func parameterKind() core.Kind {
	return core.Kind{
		Type:     Type,
		Name:     core.NameRule{Property: "Name", Max: 1011},
		Ref:      "{Name}",
		Replace:  []string{"Name"},
		Defaults: map[string]any{"Tier": "Standard", "DataType": "text", "Type": "String"},
		TagMap:   true,
		Create:   recordVersion,
		Update:   recordVersion,
	}
}
