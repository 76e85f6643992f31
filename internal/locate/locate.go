// Package locate answers one question: where does the repository say that?
//
// It finds the place that a difference comes from: the property in the
// template, a row of a mapping, the parameter in the configuration that has
// another value for each Region, the attribute in a Terraform configuration.
// It knows files by their content and positions alone: it reads none itself.
// Where it cannot tell, it gives the nearest place that it knows; where it knows
// none, nil.
package locate

import (
	"path"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// Repository is what the files of a working tree say of a release.
type Repository struct {
	// Primary is the Region that the others are compared with.
	Primary string
	// Stacks are those of the release, by key.
	Stacks map[string]Stack
	// Terraform are the places of resources, by "type.name"; see Blocks.
	Terraform map[string][]Block
	// Open reads the template of a nested stack; may be nil.
	Open func(file string) (*template.Template, error)
}

// Stack is one stack of the release: by Region, its template and what the
// configuration gives it.
type Stack struct {
	In map[string]InRegion
}

// InRegion is a stack in one Region.
type InRegion struct {
	File       string
	Template   *template.Template
	Parameters map[string]Parameter
}

// Parameter is a value of the configuration, and where it stands.
type Parameter struct {
	Value string
	At    drift.Location
}

// Finding is where a finding comes from.
func (r *Repository) Finding(f drift.Finding) *drift.Location {
	return r.Place(f.Resource, f.Property, f.Region)
}

// Place is where a property of a resource is declared for a Region or, without
// a property, the resource itself.
func (r *Repository) Place(key, property, region string) *drift.Location {
	if place := r.inTerraform(key, property); place != nil {
		return place
	}
	name, stack, rest := r.stackOf(key)
	if name == "" {
		return nil
	}
	here, there := stack.In[region], stack.In[r.Primary]
	ids := strings.Split(rest, "/")
	if !declares(here.Template, ids[0]) {
		if place := missingFrom(here, there, ids[0]); place != nil {
			return place
		}
		here, there = there, here
	}
	if !declares(here.Template, ids[0]) {
		return nil
	}
	if len(ids) == 1 && declares(there.Template, ids[0]) {
		if place := r.cause(here, there, ids[0], property, region); place != nil {
			return place
		}
	}
	file, t, id := r.descend(here, ids)
	if len(ids) > 1 && id == ids[0] {
		property = "" // a nested stack whose template is not at hand
	}
	return position(file, t, "Resources/"+escape(id)+within(t, id, property))
}

// missingFrom is the place in a Region's own template where a resource is wanting
// that the other Region's declares.
func missingFrom(here, there InRegion, id string) *drift.Location {
	if here.Template == nil || here.File == there.File || !declares(there.Template, id) {
		return nil
	}
	return position(here.File, here.Template, "Resources")
}

// stackOf is the stack of a resource and what follows the stack's key.
func (r *Repository) stackOf(key string) (name string, s Stack, rest string) {
	for candidate := key; ; {
		at := strings.LastIndexByte(candidate, '/')
		if at < 0 {
			return "", Stack{}, ""
		}
		candidate = candidate[:at]
		if found, ok := r.Stacks[candidate]; ok {
			return candidate, found, key[at+1:]
		}
	}
}

func declares(t *template.Template, id string) bool {
	if t == nil {
		return false
	}
	_, ok := t.Resources[id]
	return ok
}

// descend follows nested stacks as far as their templates are at hand.
func (r *Repository) descend(in InRegion, ids []string) (file string, t *template.Template, id string) {
	file, t, id = in.File, in.Template, ids[0]
	for _, next := range ids[1:] {
		properties, _ := t.Resources[id].Properties.(map[string]any)
		location, isFile := properties["TemplateURL"].(string)
		if r.Open == nil || !isFile || strings.Contains(location, ":") {
			return file, t, id
		}
		inner, err := r.Open(path.Join(path.Dir(file), location))
		if err != nil || !declares(inner, next) {
			return file, t, id
		}
		file, t, id = path.Join(path.Dir(file), location), inner, next
	}
	return file, t, id
}

func position(file string, t *template.Template, path string) *drift.Location {
	at := t.Position(path)
	if at.Line == 0 {
		return nil
	}
	return &drift.Location{File: file, Line: at.Line, Column: at.Column}
}

func escape(key string) string {
	return strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1")
}
