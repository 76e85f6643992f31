package read

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// object builds the properties of one resource. The first error sticks and
// turns the resource into a gap.
type object struct {
	properties map[string]any
	identities map[string]string
	tags       map[string]string
	err        error
}

func newObject() *object {
	return &object{properties: map[string]any{}, identities: map[string]string{}}
}

// take copies fields of an SDK structure. "Old:New" renames; fields that are
// not set stay absent.
func (o *object) take(from any, names ...string) *object {
	tree, err := drift.Object(from)
	if err != nil {
		o.fail(err)
		return o
	}
	for _, name := range names {
		old, renamed, ok := strings.Cut(name, ":")
		if !ok {
			renamed = old
		}
		o.set(renamed, tree[old])
	}
	return o
}

// renamed lists the names that take gives to fields.
func renamed(names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		_, after, ok := strings.Cut(name, ":")
		if !ok {
			after = name
		}
		list[i] = after
	}
	return list
}

// set adds a property unless its value is nil. SDK structures may be given;
// their unset fields are left out at every depth.
func (o *object) set(name string, value any) *object {
	tree, err := drift.Tree(value)
	if err != nil {
		o.fail(err)
		return o
	}
	if tree = withoutNulls(tree); tree != nil {
		o.properties[name] = tree
	}
	return o
}

// document adds a property whose value is JSON text, as a tree. Text that is
// no JSON object or array is kept as it is.
func (o *object) document(name, text string) *object {
	if text == "" {
		return o
	}
	return o.set(name, parsed(text))
}

// chosen leaves out properties that AWS chooses by chance when the template does
// not say them, as the hours of maintenance: two Regions never agree on them.
func (o *object) chosen(item inventory.Item, names ...string) *object {
	for _, name := range names {
		if _, declared := item.Declared[name]; !declared {
			delete(o.properties, name)
		}
	}
	return o
}

// identity adds a string that names the resource, unless it is empty.
func (o *object) identity(attribute, value string) *object {
	if value != "" {
		o.identities[attribute] = value
	}
	return o
}

func (o *object) fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

// parsed reads JSON text, URL-encoded or not (IAM), and returns the text itself
// when it is none.
func parsed(text string) any {
	candidate := strings.TrimSpace(text)
	if strings.HasPrefix(candidate, "%7B") || strings.HasPrefix(candidate, "%5B") {
		if decoded, err := url.PathUnescape(candidate); err == nil {
			candidate = decoded
		}
	}
	var tree any
	if err := json.Unmarshal([]byte(candidate), &tree); err != nil {
		return text
	}
	switch tree.(type) {
	case map[string]any, []any:
		return tree
	}
	return text
}

// withoutNulls drops nil members: the SDK's way of saying "not set".
func withoutNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			if member = withoutNulls(member); member == nil {
				delete(v, key)
			} else {
				v[key] = member
			}
		}
		delete(v, "ResultMetadata")
		return v
	case []any:
		for i, element := range v {
			v[i] = withoutNulls(element)
		}
		return v
	}
	return v
}

// userTags are the tags without those AWS reserves.
func userTags(tags map[string]string) map[string]string {
	own := map[string]string{}
	for key, value := range tags {
		if !strings.HasPrefix(key, "aws:") {
			own[key] = value
		}
	}
	if len(own) == 0 {
		return nil
	}
	return own
}

// tagMap reads a list of SDK tags, whatever their type, by their JSON form.
func (o *object) tagList(list any, key, value string) *object {
	tree, err := drift.Tree(list)
	if err != nil {
		o.fail(err)
		return o
	}
	elements, _ := tree.([]any)
	o.tags = map[string]string{}
	for _, element := range elements {
		tag, _ := element.(map[string]any)
		name, _ := tag[key].(string)
		text, _ := tag[value].(string)
		o.tags[name] = text
	}
	return o
}

// text reads a text member of a tree; "" if there is none.
func text(tree map[string]any, name string) string {
	s, _ := tree[name].(string)
	return s
}

// member reads a member of an object that may be nil.
func member(v any, name string) any {
	m, _ := v.(map[string]any)
	return m[name]
}

// texts reads a list of texts, or a single one.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, e := range v {
			if s, ok := e.(string); ok {
				list = append(list, s)
			}
		}
		return list
	}
	return nil
}
