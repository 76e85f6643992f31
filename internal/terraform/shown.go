package terraform

import (
	"encoding/json"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
)

// parseShown reads the output of `terraform show -json`.
func parseShown(data []byte) (*State, error) {
	var shown tfjson.State
	if err := json.Unmarshal(data, &shown); err != nil {
		return nil, fmt.Errorf("it is no output of `terraform show -json`: %w", shownProblem(data, err))
	}
	state := &State{Version: shown.TerraformVersion}
	if shown.Values == nil || shown.Values.RootModule == nil {
		return state, nil
	}
	if err := state.addModule(shown.Values.RootModule); err != nil {
		return nil, err
	}
	return state, nil
}

// shownProblem is what is wrong without any of the document's text: the format's
// version when that is what the library refuses.
func shownProblem(data []byte, err error) error {
	var head struct {
		FormatVersion string `json:"format_version"`
	}
	_ = json.Unmarshal(data, &head) // it was read before
	version := tfjson.State{FormatVersion: head.FormatVersion}
	if refused := version.Validate(); refused != nil {
		return fmt.Errorf("its format is version %.20q; this version reads 0.1 up to 1.x", head.FormatVersion)
	}
	return withoutText(err)
}

func (s *State) addModule(m *tfjson.StateModule) error {
	for _, r := range m.Resources {
		if r == nil {
			continue
		}
		source := withoutHost(r.ProviderName)
		if r.Mode != tfjson.ManagedResourceMode || !ofAWS(source) || r.DeposedKey != "" {
			continue
		}
		hidden, err := hiddenIn(r.SensitiveValues)
		if err != nil {
			return fmt.Errorf("it is no output of `terraform show -json`: sensitive_values of %.200q: %w", r.Address, withoutText(err))
		}
		s.Resources = append(s.Resources, Resource{Module: m.Address, Type: r.Type, Name: r.Name, Index: indexOf(r.Index),
			Provider: Provider{Source: source}, attributes: r.AttributeValues, sensitive: hidden})
	}
	for _, child := range m.ChildModules {
		if child == nil {
			continue
		}
		if err := s.addModule(child); err != nil {
			return err
		}
	}
	return nil
}

// hiddenIn are the attributes under which anything is marked.
func hiddenIn(marks json.RawMessage) (map[string]bool, error) {
	hidden := map[string]bool{}
	if len(marks) == 0 {
		return hidden, nil
	}
	var tree map[string]any
	if err := json.Unmarshal(marks, &tree); err != nil {
		return nil, err
	}
	for name, marked := range tree {
		hidden[name] = anyMarked(marked)
	}
	return hidden, nil
}

func anyMarked(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case []any:
		for _, e := range v {
			if anyMarked(e) {
				return true
			}
		}
	case map[string]any:
		for _, e := range v {
			if anyMarked(e) {
				return true
			}
		}
	}
	return false
}

// indexOf brings a number into the one form that addresses are made of.
func indexOf(index any) any {
	if number, ok := index.(json.Number); ok {
		f, err := number.Float64()
		if err != nil {
			return number.String()
		}
		return f
	}
	return index
}
