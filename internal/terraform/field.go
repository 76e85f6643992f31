package terraform

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// shape is how the arguments of one Terraform type are called in CloudFormation.
type shape struct {
	rows     []field
	ignored  []string
	computed []string
	windowed bool
}

// field is one argument: its path, the property it sets, and how the value
// becomes that of the property.
type field struct{ attribute, property, kind string }

// shapes is the table of shapes, read once.
var shapes = sync.OnceValue(func() map[string]shape {
	all := map[string]shape{}
	for _, row := range Shapes() {
		s := shape{ignored: append(strings.Fields(row.Ignored), everywhereIgnored...), computed: strings.Fields(row.Computed), windowed: row.Windowed}
		for text := range strings.FieldsSeq(row.Properties) {
			s.rows = append(s.rows, fieldOf(text))
		}
		all[row.Terraform] = s
	}
	return all
})

// everywhereIgnored are attributes that set no property: names of the resource
// itself, what only Terraform knows, and tags, which are read apart.
var everywhereIgnored = []string{"id", "arn", "tags", "tags_all", "timeouts", "name_prefix", "region", "owner_id"}

func fieldOf(text string) field {
	text, kind, _ := strings.Cut(text, ":")
	attribute, property, named := strings.Cut(text, "=")
	if !named {
		property = camel(attribute)
	}
	return field{attribute, property, kind}
}

// camel is the usual name of the property that an argument sets.
func camel(attribute string) string {
	var out strings.Builder
	for word := range strings.SplitSeq(attribute, "_") {
		if word != "" {
			out.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return out.String()
}

// says reports whether a row or the list of what is ignored speaks of a path.
func (s shape) says(path string) bool {
	return slices.Contains(s.ignored, path) || slices.ContainsFunc(s.rows, func(f field) bool { return f.attribute == path })
}

// leadsTo reports whether a row speaks of something below a path.
func (s shape) leadsTo(path string) bool {
	return slices.ContainsFunc(s.rows, func(f field) bool { return strings.HasPrefix(f.attribute, path+".") })
}

// read is the value of an argument, as the plan has it and as the property has it.
type read struct {
	raw, converted any
	why            string // it cannot be converted
}

func (c Change) value(r *Resource, f field) read {
	v := read{raw: at(r, f.attribute)}
	if v.raw == nil || marked(r.marks, f.attribute) {
		return v
	}
	v.converted, v.why = f.convert(v.raw)
	return v
}

// convert brings the value of an argument into the form of its property. Kinds:
//
//	json      a text that holds JSON
//	number    a text that holds a number
//	text      a number that CloudFormation writes as text
//	canned    a name of an access control list
//	pairs     a map that CloudFormation writes as a list of Name and Value
//	sha256    a text that must be a digest in base64
//	not(X)    as it is; X stands for none
//	each(a=A) a list of blocks, member by member
//	in(A,B=x) an element of a list: A is the value, B the text x
//	opens     the property is whatever the argument leads to: not known
func (f field) convert(raw any) (value any, why string) {
	kind, words, _ := strings.Cut(strings.TrimSuffix(f.kind, ")"), "(")
	text, isText := raw.(string)
	switch kind {
	case "":
		return raw, ""
	case "json":
		if !isText || json.Unmarshal([]byte(text), &value) != nil {
			return nil, "is no JSON"
		}
		return value, ""
	case "number":
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, "is no number"
		}
		return number, ""
	case "text":
		value, _ := scalarText(raw)
		return value, ""
	case "canned":
		if name, named := cannedLists[text]; named {
			return name, ""
		}
		return nil, "is a list that CloudFormation and a read of the bucket have no one name for"
	case "pairs":
		return pairs(raw)
	case "sha256":
		if sum, err := base64.StdEncoding.DecodeString(text); err != nil || len(sum) != 32 {
			return nil, "is no SHA-256 digest in base64"
		}
		return raw, ""
	case "not":
		if none, _ := scalarText(raw); none == words {
			return nil, ""
		}
		return raw, ""
	case "each":
		return eachBlock(raw, words)
	case "in":
		name, literal, _ := strings.Cut(words, ",")
		key, constant, _ := strings.Cut(literal, "=")
		return map[string]any{name: raw, key: constant}, ""
	}
	return nil, "is not known by its value"
}

// cannedLists are the access control lists that a read of a bucket gives a name, by
// the name that S3 takes. Source: Amazon S3 user guide, Access control list (ACL) overview.
var cannedLists = map[string]string{
	"private": "Private", "public-read": "PublicRead", "public-read-write": "PublicReadWrite", "authenticated-read": "AuthenticatedRead",
	"log-delivery-write": "LogDeliveryWrite",
}

func pairs(raw any) (any, string) {
	object, ok := raw.(map[string]any)
	if !ok {
		return nil, "is no map"
	}
	var list []any
	for _, name := range slices.Sorted(maps.Keys(object)) {
		list = append(list, map[string]any{"Name": name, "Value": object[name]})
	}
	return list, ""
}

// eachBlock renames the members of blocks; one that no word names must say nothing.
func eachBlock(raw any, words string) (any, string) {
	names := map[string]string{}
	for word := range strings.SplitSeq(words, ",") {
		member, property, _ := strings.Cut(word, "=")
		names[member] = property
	}
	blocks, ok := raw.([]any)
	if !ok {
		return nil, "is no list of blocks"
	}
	var list []any
	for _, b := range blocks {
		object, ok := b.(map[string]any)
		if !ok {
			return nil, "is no list of blocks"
		}
		out := map[string]any{}
		for member, value := range object {
			switch property, named := names[member]; {
			case empty(value):
			case !named:
				return nil, "has " + member + ", of which Lockstep does not know what it sets"
			default:
				out[property] = value
			}
		}
		list = append(list, out)
	}
	return list, ""
}

// PropertiesOf are the properties that the arguments of a type set.
func PropertiesOf(terraformType string) []string {
	var names []string
	for _, f := range shapes()[terraformType].rows {
		top, _, _ := strings.Cut(strings.TrimSuffix(f.property, "[]"), ".")
		names = append(names, top)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
