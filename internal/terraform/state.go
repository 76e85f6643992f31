package terraform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// State is one state: the managed resources of AWS in it, in the order of the file.
type State struct {
	// Version is the version of Terraform that wrote it.
	Version string
	// Lineage and Serial identify the state and its edition; empty and zero in
	// the output of `terraform show -json`.
	Lineage string
	Serial  int64
	// Resources are the current objects of managed resources of AWS providers.
	Resources []Resource
}

// Resource is one object of a state.
type Resource struct {
	// Module is the path of modules as Terraform writes it; empty for the root.
	Module string
	Type   string
	Name   string
	// Index is the key of count or for_each: nil, a float64 or a string.
	Index any
	// Provider is the provider's configuration: "hashicorp/aws" and, where the
	// state says so, the module and the alias.
	Provider Provider

	attributes map[string]any
	// sensitive are the top-level attributes that hold anything sensitive.
	sensitive map[string]bool

	// Of a resource of a plan: the marks of sensitive values as the plan has them,
	// the Region that the provider's configuration names, and whether that is not
	// the default one and names none. change is the change it comes from.
	marks   any
	place   string
	strange bool
	change  *Change
}

// Provider is the configuration of a provider that manages a resource.
type Provider struct {
	// Source is its address without the host: "hashicorp/aws".
	Source string
	// Config is the configuration as the state writes it; empty when it does not.
	Config string
	// Alias is empty for the default configuration, and when the state does not say.
	Alias string
}

// Address is the resource's address as Terraform writes it.
func (r Resource) Address() string {
	address := r.Type + "." + r.Name + indexText(r.Index)
	if r.Module != "" {
		return r.Module + "." + address
	}
	return address
}

func indexText(index any) string {
	switch i := index.(type) {
	case string:
		return "[" + strconv.Quote(i) + "]"
	case float64:
		return "[" + strconv.FormatFloat(i, 'f', -1, 64) + "]"
	}
	return ""
}

// Parse reads a state. It tells the two formats apart by what they say of
// themselves, and refuses every other, with a sentence for a person.
func Parse(data []byte) (*State, error) {
	var head struct {
		Version          *json.Number    `json:"version"`
		FormatVersion    string          `json:"format_version"`
		EncryptedData    json.RawMessage `json:"encrypted_data"`
		PlannedValues    json.RawMessage `json:"planned_values"`
		TerraformVersion string          `json:"terraform_version"`
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("it is empty: no state was ever written there")
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("it is no JSON object, so no Terraform state: %w", withoutText(err))
	}
	var state *State
	var err error
	switch {
	case len(head.EncryptedData) > 0:
		return nil, errors.New("it is encrypted by OpenTofu: write `tofu show -json` to a file, and name that")
	case len(head.PlannedValues) > 0:
		return nil, errors.New("it is a plan, not a state: write `terraform show -json` without a plan file")
	case head.Version != nil:
		state, err = parseRaw(data, head.Version.String())
	case head.FormatVersion != "":
		state, err = parseShown(data)
	default:
		return nil, errors.New("it has neither version nor format_version, so it is no Terraform state")
	}
	if err != nil {
		return nil, err
	}
	for i, r := range state.Resources {
		if r.Type == "" || r.Name == "" {
			return nil, fmt.Errorf("managed resource %d of an AWS provider has no type or no name", i+1)
		}
	}
	return state, nil
}

// withoutText keeps what is wrong with a JSON document and where, and none of
// its text: it may hold secrets.
func withoutText(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON at byte %d", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Errorf("%q is of the wrong kind at byte %d", kind.Field, kind.Offset)
	}
	return errors.New("not the expected JSON")
}

// ofAWS reports whether a provider's resources exist in AWS. The Cloud Control
// provider counts: its resources must not vanish for want of a table.
func ofAWS(source string) bool {
	name := source[strings.LastIndexByte(source, '/')+1:]
	return name == "aws" || name == "awscc"
}

// Text is a top-level attribute that is a string or a number and not sensitive.
func (r Resource) Text(attribute string) (string, bool) {
	if r.sensitive[attribute] {
		return "", false
	}
	return scalarText(r.attributes[attribute])
}

func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, v != ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// objects are the blocks of an attribute, none when it is sensitive.
func (r Resource) objects(attribute string) []map[string]any {
	list, _ := r.attributes[attribute].([]any)
	if r.sensitive[attribute] {
		return nil
	}
	var blocks []map[string]any
	for _, element := range list {
		if block, ok := element.(map[string]any); ok {
			blocks = append(blocks, block)
		}
	}
	return blocks
}

// tag is the value of a tag, of the resource itself or from the provider's defaults.
func (r Resource) tag(name string) string {
	for _, attribute := range []string{"tags_all", "tags"} {
		if tags, ok := r.attributes[attribute].(map[string]any); ok && !r.sensitive[attribute] {
			if value, ok := tags[name].(string); ok {
				return value
			}
		}
	}
	return ""
}
