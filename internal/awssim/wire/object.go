package wire

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Object is a structure on the wire: member name to value.
type Object map[string]any

// Map is a map on the wire (string keys, any values). JSON and CBOR do not distinguish it from a structure; the query
// protocols write it as <entry><key/><value/></entry>.
type Map map[string]any

// Has reports whether the member was sent.
func (o Object) Has(name string) bool { v, ok := o[name]; return ok && v != nil }

// String returns a scalar member as text, "" when absent.
func (o Object) String(name string) string { return Text(o[name]) }

// Or returns a scalar member as text, or the default when it is absent or empty.
func (o Object) Or(name, def string) string {
	if s := o.String(name); s != "" {
		return s
	}
	return def
}

// Int returns a numeric member, or def when it is absent or not a number. Text is converted, as query strings need.
func (o Object) Int(name string, def int) int {
	f, err := strconv.ParseFloat(o.String(name), 64)
	if err != nil {
		return def
	}
	return int(f)
}

// Bool returns a boolean member, false when absent.
func (o Object) Bool(name string) bool { return strings.EqualFold(o.String(name), "true") }

// Object returns a structure member; it is nil, and safe to read, when absent.
func (o Object) Object(name string) Object { return AsObject(o[name]) }

// List returns a list member.
func (o Object) List(name string) []any {
	v, _ := Items(o[name])
	return v
}

// Elements returns a list that a query string may wrap in the name of its elements: "Parameters.Parameter.1.Name".
func (o Object) Elements(name string) []any {
	if wrapped := AsObject(o[name]); len(wrapped) == 1 {
		return wrapped.List(wrapped.Keys()[0])
	}
	return o.List(name)
}

// Objects returns a list of structures; other elements are skipped.
func (o Object) Objects(name string) []Object {
	var out []Object
	for _, v := range o.List(name) {
		if m := AsObject(v); m != nil {
			out = append(out, m)
		}
	}
	return out
}

// Strings returns a list of scalars as text.
func (o Object) Strings(name string) []string {
	var out []string
	for _, v := range o.List(name) {
		out = append(out, Text(v))
	}
	return out
}

// StringMap returns a map member with its values as text.
func (o Object) StringMap(name string) map[string]string {
	m := AsObject(o[name])
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = Text(v)
	}
	return out
}

// Blob returns a binary member: bytes as CBOR carries them, or base64 text as the other protocols do.
func (o Object) Blob(name string) ([]byte, error) {
	switch v := o[name].(type) {
	case nil:
		return nil, nil
	case []byte:
		return v, nil
	case string:
		b, err := base64.StdEncoding.DecodeString(v)
		if err != nil {
			return nil, Errorf(400, "SerializationException", "%s is not base64", name)
		}
		return b, nil
	}
	return nil, Errorf(400, "SerializationException", "%s is not a blob", name)
}

// AsObject returns any map with string keys as an Object, nil for anything else. The map is shared, not copied.
func AsObject(v any) Object {
	switch v := v.(type) {
	case Object:
		return v
	case map[string]any:
		return v
	case Map:
		return Object(v)
	case map[string]string:
		out := make(Object, len(v))
		for k, s := range v {
			out[k] = s
		}
		return out
	}
	return nil
}

// Items returns the elements of any slice but []byte, and whether v was one.
func Items(v any) ([]any, bool) {
	switch v := v.(type) {
	case nil, []byte, string:
		return nil, false
	case []any:
		return v, true
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice {
		return nil, false
	}
	out := make([]any, rv.Len())
	for i := range out {
		out[i] = rv.Index(i).Interface()
	}
	return out, true
}

// Text writes a scalar the way the XML protocols do; "" for nil and for trees.
func Text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		return v.String()
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.000Z")
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	}
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Map || rv.Kind() == reflect.Slice {
		return ""
	}
	return fmt.Sprint(v)
}

// Keys returns the member names in order.
func (o Object) Keys() []string {
	out := make([]string, 0, len(o))
	for k := range o {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
