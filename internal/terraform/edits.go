package terraform

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Edit is what a change does to one property of CloudFormation's form.
type Edit struct {
	// Property is its path; empty stands for the resource as a whole.
	Property string
	// Before and After are its values; nil: it is not set. Both are closed trees.
	Before, After any
	// Why says why the value afterwards is not known; empty: it is After.
	Why string
}

const (
	whyOpen      = "its value is known after the apply only"
	whySensitive = "the plan marks it sensitive, and Lockstep takes no sensitive values"
	whyWindow    = "AWS may wait for the maintenance window with it: apply_immediately is not true"
	whyUnmapped  = "Lockstep does not know which property is set by "
)

// Edits are the properties that the change changes, and those of which nobody
// can tell yet whether it does. What AWS alone decides is none.
func (c Change) Edits() []Edit {
	s, known := shapes()[c.typ()]
	if !known {
		return []Edit{{Why: "Lockstep has no table of the arguments of " + c.typ()}}
	}
	edits := s.edits(c, false)
	if s.windowed && c.Action == Update && c.after.attributes["apply_immediately"] != true {
		for i := range edits {
			edits[i].Why = cmp.Or(edits[i].Why, whyWindow)
		}
	}
	edits = append(edits, c.tagEdits()...)
	if rest := s.unmapped(c); len(rest) > 0 {
		edits = append(edits, Edit{Why: whyUnmapped + strings.Join(rest, ", ")})
	}
	return edits
}

// Declares are the properties that the plan sets, as a template would declare
// them; ok: there is a table for its type.
func (c Change) Declares() (properties map[string]any, ok bool) {
	s, known := shapes()[c.typ()]
	if !known || c.after == nil {
		return nil, false
	}
	properties = map[string]any{}
	for _, e := range s.edits(c, true) {
		if e.Why == "" && e.After != nil {
			SetProperty(properties, e.Property, e.After)
		}
	}
	if tags := tagList(c.after); tags != nil {
		properties["Tags"] = tags
	}
	return properties, true
}

func (c Change) typ() string {
	if c.after != nil {
		return c.after.Type
	}
	return c.before.Type
}

// Creates reports whether what is there after the change did not exist before.
func (c Change) Creates() bool { return c.Action == Create || c.Action == Replace }

// edits reads every row. all: also of what does not change.
func (s shape) edits(c Change, all bool) []Edit {
	byProperty := map[string]Edit{}
	doubts := map[string]string{} // of properties that another argument decides
	for _, row := range s.rows {
		before, after := c.value(c.before, row), c.value(c.after, row)
		why := c.doubt(s, row)
		changes := why != "" || !reflect.DeepEqual(before.raw, after.raw)
		switch {
		case !changes && !all:
			continue
		case row.kind == "opens":
			if changes && (after.raw != nil || why != "") {
				doubts[row.property] = "what " + row.attribute + " brings is not known by its digest"
			}
			continue
		case why == "" && after.why != "":
			why = row.attribute + " " + after.why
		}
		property, element := strings.CutSuffix(row.property, "[]")
		e := Edit{Property: property, Before: before.converted, After: after.converted, Why: why}
		if element {
			had := byProperty[property]
			e = Edit{Property: property, Before: appended(had.Before, e.Before), After: appended(had.After, e.After), Why: had.Why + e.Why}
		}
		byProperty[property] = e
	}
	for property, why := range doubts {
		if e, decided := byProperty[property]; !decided || e.After == nil || reflect.DeepEqual(e.Before, e.After) {
			byProperty[property] = Edit{Property: property, Before: e.Before, Why: why}
		}
	}
	var list []Edit
	for _, property := range slices.Sorted(maps.Keys(byProperty)) {
		list = append(list, byProperty[property])
	}
	return list
}

func appended(list, element any) any {
	if element == nil {
		return list
	}
	have, _ := list.([]any)
	return append(slices.Clone(have), element)
}

// doubt says why the value that an argument will have is not known.
func (c Change) doubt(s shape, row field) string {
	top, _, _ := strings.Cut(row.attribute, ".")
	if marked(c.open, row.attribute) {
		computed := c.open[top] == true && c.given != nil && !c.given[top]
		if computed && c.Creates() && (top == row.attribute || slices.Contains(s.computed, top)) {
			return "" // nobody sets it: AWS will, and no template would say it either
		}
		return row.attribute + ": " + whyOpen
	}
	for _, side := range []*Resource{c.before, c.after} {
		if side != nil && marked(side.marks, row.attribute) && !reflect.DeepEqual(at(c.before, row.attribute), at(c.after, row.attribute)) {
			return row.attribute + ": " + whySensitive
		}
	}
	return ""
}

// marked reports whether a tree of marks has one at, above or below a path.
func marked(marks any, path string) bool {
	for name := range strings.SplitSeq(path, ".") {
		if list, ok := marks.([]any); ok && len(list) == 1 {
			marks = list[0]
		}
		object, ok := marks.(map[string]any)
		if !ok {
			break
		}
		marks = object[name]
	}
	return anyMarked(marks)
}

// at is the value of an attribute, in a block that is written once where its
// path leads into one; nil where it is not set.
func at(r *Resource, path string) any {
	if r == nil {
		return nil
	}
	var value any = r.attributes
	for name := range strings.SplitSeq(path, ".") {
		if list, ok := value.([]any); ok && len(list) == 1 {
			value = list[0]
		}
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[name]
	}
	if empty(value) {
		return nil
	}
	return value
}

// empty reports whether a value says nothing: Terraform keeps null and empty
// texts and lists of what nobody set.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// unmapped are the arguments whose change no row can say.
func (s shape) unmapped(c Change) []string {
	names := map[string]bool{}
	for _, side := range []*Resource{c.before, c.after} {
		if side != nil {
			for name := range side.attributes {
				names[name] = true
			}
		}
	}
	for name := range c.open {
		names[name] = true
	}
	var rest []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		rest = append(rest, s.unmappedIn(c, name, valueOf(c.before, name), valueOf(c.after, name), c.open[name])...)
	}
	return rest
}

func valueOf(r *Resource, name string) any {
	if r == nil {
		return nil
	}
	return r.attributes[name]
}

func (s shape) unmappedIn(c Change, path string, before, after, open any) []string {
	if s.says(path) {
		return nil
	}
	if s.leadsTo(path) {
		b, okBefore := block(before)
		a, okAfter := block(after)
		o, okOpen := block(open)
		if okBefore && okAfter && okOpen {
			var rest []string
			for _, name := range slices.Sorted(maps.Keys(union(b, a, o))) {
				rest = append(rest, s.unmappedIn(c, path+"."+name, b[name], a[name], o[name])...)
			}
			return rest
		}
		if open == true {
			return nil // the rows below say so
		}
	}
	if anyMarked(open) {
		if open == true && !strings.Contains(path, ".") && c.given != nil && !c.given[path] {
			return nil // AWS decides
		}
		return []string{path}
	}
	if c.Action == Create && Unsaid(after) || reflect.DeepEqual(before, after) || empty(before) && empty(after) {
		return nil
	}
	return []string{path}
}

// Unsaid reports whether a value of a new resource is what an argument has that
// nobody gave: nothing, no, or none.
func Unsaid(v any) bool { return empty(v) || v == false || v == 0.0 }

// block is a block that is written at most once.
func block(v any) (map[string]any, bool) {
	switch v := v.(type) {
	case nil:
		return nil, true
	case bool:
		return nil, !v
	case map[string]any:
		return v, true
	case []any:
		if len(v) == 0 {
			return nil, true
		}
		object, ok := v[0].(map[string]any)
		return object, ok && len(v) == 1
	}
	return nil, false
}

func union(all ...map[string]any) map[string]any {
	out := map[string]any{}
	for _, m := range all {
		maps.Copy(out, m)
	}
	return out
}

// tagEdits are the change of the tags, those that the provider adds included.
func (c Change) tagEdits() []Edit {
	if anyMarked(c.open["tags_all"]) && (c.given == nil || c.given["tags"]) || anyMarked(c.open["tags"]) {
		return []Edit{{Property: "Tags", Why: "tags: " + whyOpen}}
	}
	before, after := tagList(c.before), tagList(c.after)
	if reflect.DeepEqual(before, after) {
		return nil
	}
	for _, side := range []*Resource{c.before, c.after} {
		if side != nil && (side.sensitive["tags"] || side.sensitive["tags_all"]) {
			return []Edit{{Property: "Tags", Why: "tags: " + whySensitive}}
		}
	}
	return []Edit{{Property: "Tags", Before: before, After: after}}
}

// tagList are the tags as a template has them, in order; nil: none.
func tagList(r *Resource) any {
	if r == nil {
		return nil
	}
	tags, _ := r.attributes["tags_all"].(map[string]any)
	if tags == nil {
		tags, _ = r.attributes["tags"].(map[string]any)
	}
	if r.sensitive["tags"] || r.sensitive["tags_all"] || len(tags) == 0 {
		return nil
	}
	var list []any
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, map[string]any{"Key": key, "Value": tags[key]})
	}
	return list
}

// SetProperty puts a value where a path leads in a tree of properties; nil takes
// it away. What lies above it is copied and not changed.
func SetProperty(tree map[string]any, path string, value any) {
	name, rest, deeper := strings.Cut(path, ".")
	switch {
	case deeper:
		inner, _ := tree[name].(map[string]any)
		inner = maps.Clone(inner)
		if inner == nil {
			inner = map[string]any{}
		}
		SetProperty(inner, rest, value)
		if tree[name] = inner; len(inner) == 0 {
			delete(tree, name)
		}
	case value == nil:
		delete(tree, name)
	default:
		tree[name] = value
	}
}

// Property is what stands at a path of a tree of properties; nil: nothing.
func Property(tree map[string]any, path string) any {
	name, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		return tree[name]
	}
	inner, _ := tree[name].(map[string]any)
	return Property(inner, rest)
}
