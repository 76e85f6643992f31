package drift

import (
	"encoding/json"
	"fmt"
)

// A Value is a node of a closed tree: nil, bool, float64, string, []any of
// values or map[string]any of values. Snapshots hold nothing else, so that a
// snapshot in memory and the same snapshot from a file are alike.

// Tree turns any JSON-encodable Go value into a closed tree.
func Tree(v any) (any, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode value: %w", err)
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		return nil, fmt.Errorf("decode value: %w", err)
	}
	return tree, nil
}

// Object is Tree for values that must be objects, such as resource properties.
func Object(v any) (map[string]any, error) {
	tree, err := Tree(v)
	if err != nil {
		return nil, err
	}
	object, ok := tree.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("decode value: want an object, have %T", tree)
	}
	return object, nil
}
