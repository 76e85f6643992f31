package terraform

import (
	"encoding/json"
	"fmt"
	"strings"
)

// rawState is the file that a backend keeps, as far as it is read. Source:
// internal/states/statefile/version4.go of Terraform, which states that format 4
// is what every version since 0.12 writes.
type rawState struct {
	TerraformVersion string        `json:"terraform_version"`
	Serial           int64         `json:"serial"`
	Lineage          string        `json:"lineage"`
	Resources        []rawResource `json:"resources"`
}

type rawResource struct {
	Module    string        `json:"module"`
	Mode      string        `json:"mode"`
	Type      string        `json:"type"`
	Name      string        `json:"name"`
	Provider  string        `json:"provider"`
	Instances []rawInstance `json:"instances"`
}

type rawInstance struct {
	IndexKey   any            `json:"index_key"`
	Deposed    string         `json:"deposed"`
	Attributes map[string]any `json:"attributes"`
	// Flat are the attributes of an object that no provider has touched since
	// Terraform 0.11.
	Flat      map[string]string `json:"attributes_flat"`
	Sensitive []json.RawMessage `json:"sensitive_attributes"`
}

func parseRaw(data []byte, version string) (*State, error) {
	if version != "4" {
		return nil, fmt.Errorf("its format is version %s; this version reads format 4, which Terraform writes since 0.12", version)
	}
	var raw rawState
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("it is no state of format 4: %w", withoutText(err))
	}
	state := &State{Version: raw.TerraformVersion, Lineage: raw.Lineage, Serial: raw.Serial}
	for _, r := range raw.Resources {
		provider := providerOf(r.Provider)
		if r.Mode != "managed" || !ofAWS(provider.Source) {
			continue
		}
		for _, instance := range r.Instances {
			if instance.Deposed != "" {
				continue // replaced, and waiting to be destroyed
			}
			state.Resources = append(state.Resources, Resource{Module: r.Module, Type: r.Type, Name: r.Name, Index: instance.IndexKey,
				Provider: provider, attributes: instance.values(), sensitive: instance.hidden()})
		}
	}
	return state, nil
}

func (i rawInstance) values() map[string]any {
	if i.Attributes != nil {
		return i.Attributes
	}
	flat := map[string]any{}
	for name, value := range i.Flat {
		flat[name] = value
	}
	return flat
}

// hidden are the attributes that the state marks: each path begins with the
// attribute it leads into. Older versions mark by the name alone.
func (i rawInstance) hidden() map[string]bool {
	hidden := map[string]bool{}
	for _, marked := range i.Sensitive {
		var path []struct {
			Value any `json:"value"`
		}
		var name string
		if json.Unmarshal(marked, &path) == nil && len(path) > 0 {
			name, _ = path[0].Value.(string)
		} else {
			_ = json.Unmarshal(marked, &name) // what is neither marks nothing that is known by name
		}
		hidden[name] = true
	}
	return hidden
}

// providerOf reads `module.a.provider["registry.terraform.io/hashicorp/aws"].west`
// and the older form `module.a.provider.aws.west`.
func providerOf(config string) Provider {
	p := Provider{Config: config}
	if _, rest, quoted := strings.Cut(config, `provider["`); quoted {
		source, alias, _ := strings.Cut(rest, `"]`)
		p.Source, p.Alias = withoutHost(source), strings.TrimPrefix(alias, ".")
		return p
	}
	_, rest, _ := strings.Cut("."+config, ".provider.")
	p.Source, p.Alias, _ = strings.Cut(rest, ".")
	return p
}

func withoutHost(source string) string {
	if parts := strings.Split(source, "/"); len(parts) == 3 {
		return parts[1] + "/" + parts[2]
	}
	return source
}
