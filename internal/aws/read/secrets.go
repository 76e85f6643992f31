package read

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// seal replaces every secret of a resource, live and declared alike. A live
// value whose declaration comes from a hidden parameter or from a secret store
// is one, whatever its name.
func (r *run) seal(resource *drift.Resource, item inventory.Item) {
	h := r.hider().knowing(item.Parameters)
	r.takeUserData(resource)
	resource.Properties, resource.Declared = h.whole(resource.Type, resource.Properties), h.whole(resource.Type, resource.Declared)
	resource.Properties, _ = h.Tree(h.marked(resource.Properties, resource.Declared)).(map[string]any)
	if resource.Declared != nil {
		resource.Declared, _ = h.Tree(resource.Declared).(map[string]any)
	}
	resource.Tags = h.Texts(resource.Tags)
}

// SealDeclared hides the secrets of what a template declares for a resource, as
// those of a resource that was read are hidden: also those that come from a
// parameter whose name says so.
func SealDeclared(sealer drift.Sealer, region, account, typ string, declared map[string]any, parameters map[string]string) map[string]any {
	return SealPending(sealer, region, account, drift.Resource{Type: typ, Declared: declared}, parameters, nil)
}

// SealPending is SealDeclared of a resource with a key, whose references name its
// stack's own resources: those of keys.
func SealPending(sealer drift.Sealer, region, account string, of drift.Resource, parameters map[string]string, keys map[string]bool) map[string]any {
	r := &run{Request: Request{Region: region, Account: account, Sealer: sealer}}
	of.Properties = map[string]any{}
	r.seal(&of, inventory.Item{Parameters: parameters})
	r.result.Resources = []drift.Resource{of}
	r.sealScripts(keys)
	return of.Declared
}

// secretProperties are secrets by their type: their name alone does not say so.
var secretProperties = map[string][]string{"AWS::ApiGateway::ApiKey": {"Value"}}

// whole hides the properties of a type that are secrets, in a copy. Symbols
// stay: they name what the value comes from.
func (h Hider) whole(typ string, properties map[string]any) map[string]any {
	for _, name := range secretProperties[typ] {
		if text, ok := properties[name].(string); ok && text != "" && !template.IsSymbol(text) {
			properties = maps.Clone(properties)
			properties[name] = h.Value(text)
		}
	}
	return properties
}

func (r *run) hider() Hider { return Seal(r.Sealer, r.Region, r.Account) }

// Hider finds secret values in trees and puts something else in their place.
type Hider struct {
	hide func(string) any
	// known are secret values that texts may hold under any name.
	known []string
}

// Seal replaces secrets by digests that are comparable within one run.
func Seal(sealer drift.Sealer, region, account string) Hider {
	return Hider{hide: func(text string) any { return sealer.Seal(region, account, text) }}
}

// Mask replaces secrets by drift.Redacted.
func Mask() Hider { return Hider{hide: func(string) any { return drift.Redacted }} }

// shortestKnown is how long a secret must be to be looked for in other texts:
// shorter ones are in too many.
const shortestKnown = 6

// knowing also hides what holds the value of a parameter whose name says that it is secret.
func (h Hider) knowing(parameters map[string]string) Hider {
	for _, name := range keysOf(parameters) {
		if value := parameters[name]; len(value) >= shortestKnown && LooksSecret(name, value) {
			h.known = append(h.known, value)
		}
	}
	return h
}

// Value hides one text.
func (h Hider) Value(text string) any { return h.hide(text) }

// Tree returns a copy of a closed tree in which secrets are hidden: texts under
// a name that says so, {Name, Value} pairs of such a name, and texts that carry
// credentials whatever their name.
func (h Hider) Tree(v any) any { return h.walk(v, "") }

func (h Hider) walk(v any, name string) any {
	switch v := v.(type) {
	case string:
		return h.text(v, name)
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			out[i] = h.walk(element, name)
		}
		return out
	case map[string]any:
		if _, ok := drift.AsSealed(v); ok {
			return v
		}
		return h.object(v, name)
	}
	return v
}

// text hides a text, or what is secret in the JSON that it holds. User data is
// a script; nothing marks what is secret in it.
func (h Hider) text(v, name string) any {
	if v == "" {
		return v
	}
	if LooksSecret(name, v) || name == "UserData" && !template.IsSymbol(v) || slices.ContainsFunc(h.known, func(secret string) bool { return strings.Contains(v, secret) }) {
		return h.Value(v)
	}
	if tree, ok := jsonIn(v); ok {
		if inner := h.walk(tree, name); !reflect.DeepEqual(inner, tree) {
			if data, err := json.Marshal(inner); err == nil {
				return string(data)
			}
			return h.Value(v)
		}
		return v
	}
	if carriesCredentials(v) || authorizes(name, v) {
		return h.Value(v)
	}
	return v
}

// authorizes reports whether an API sends the text as the header Authorization
// to what it calls. A mapping only says where the header comes from.
func authorizes(name, v string) bool {
	return strings.HasSuffix(strings.ToLower(name), "header.authorization") &&
		!slices.ContainsFunc([]string{"method.", "$", "context.", "stageVariables."}, func(mapping string) bool { return strings.HasPrefix(v, mapping) })
}

// jsonIn reads the object or list that a text holds, numbers as they are written.
func jsonIn(text string) (any, bool) {
	trimmed := strings.TrimSpace(text)
	if !strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "[") {
		return nil, false
	}
	decoder := json.NewDecoder(strings.NewReader(trimmed))
	decoder.UseNumber()
	var tree any
	if decoder.Decode(&tree) != nil || decoder.More() {
		return nil, false
	}
	return tree, true
}

// Texts returns a copy in which secrets are hidden. Sealed ones are told apart
// by the beginning of their digest.
func (h Hider) Texts(texts map[string]string) map[string]string {
	if texts == nil {
		return nil
	}
	out := make(map[string]string, len(texts))
	for name, value := range texts {
		switch hidden := h.walk(value, name).(type) {
		case string:
			out[name] = hidden
		default:
			out[name] = drift.Redacted
			if sealed, ok := drift.AsSealed(hidden); ok {
				out[name] = "(secret " + sealed.Digest[:min(12, len(sealed.Digest))] + ")"
			}
		}
	}
	return out
}

func (h Hider) object(v map[string]any, outer string) any {
	if typ, ok := v["Type"].(string); ok && len(secretProperties[typ]) > 0 { // a resource of a template
		if properties, ok := v["Properties"].(map[string]any); ok {
			v = maps.Clone(v)
			v["Properties"] = h.whole(typ, properties)
		}
	}
	out := make(map[string]any, len(v))
	marked := v["IsValueSecret"] // of a parameter that an EventBridge connection adds
	for key, member := range v {
		if text, ok := member.(string); ok && key == "Value" && (marked == true || marked == "true") {
			out[key] = h.Value(text)
			continue
		}
		name := key
		switch {
		case namingFunctions[key] > 0:
			out[key] = h.named(key, member, outer)
			continue
		case strings.HasPrefix(key, "Fn::"):
			name = outer // an intrinsic function stands for the value itself
		case key == "Value" || key == "ParameterValue" || key == "Default" || key == "DefaultValue":
			name = pairName(v, outer)
		}
		out[key] = h.walk(member, name)
	}
	return out
}

// namingFunctions are the intrinsic functions of which so many first arguments name a
// condition, a resource or a place in a mapping. Those are no values: without them
// the template of a snapshot could not be evaluated.
var namingFunctions = map[string]int{"Fn::FindInMap": 3, "Fn::GetAtt": 2, "Fn::If": 1}

// named hides what is secret in the arguments of such a function: all but the names.
func (h Hider) named(function string, arguments any, outer string) any {
	list, ok := arguments.([]any)
	if _, text := arguments.(string); text && function == "Fn::GetAtt" {
		return arguments // Resource.Attribute
	} else if !ok {
		return h.walk(arguments, outer)
	}
	out := make([]any, len(list))
	for i, argument := range list {
		_, text := argument.(string)
		if out[i] = argument; !text || i >= namingFunctions[function] {
			out[i] = h.walk(argument, outer)
		}
	}
	return out
}

// pairName is the name in a {Name, Value} pair; outer when there is none.
func pairName(v map[string]any, outer string) string {
	for _, key := range []string{"Name", "Key", "ParameterKey"} {
		if name, ok := v[key].(string); ok {
			return name
		}
	}
	return outer
}

// marked seals the live texts whose declaration is a hidden parameter or a
// reference into a secret store.
func (h Hider) marked(live, declared any) any {
	switch live := live.(type) {
	case string:
		if d, ok := declared.(string); ok && live != "" && hidden.MatchString(d) {
			return h.Value(live)
		}
	case map[string]any:
		d, ok := declared.(map[string]any)
		if !ok {
			return live
		}
		for key, member := range live {
			live[key] = h.marked(member, d[key])
		}
	case []any:
		d, ok := declared.([]any)
		if !ok || len(d) != len(live) {
			return live
		}
		for i, element := range live {
			live[i] = h.marked(element, d[i])
		}
	}
	return live
}

var hidden = regexp.MustCompile(`\$\{NoEcho:|\{\{resolve:(?:secretsmanager|ssm-secure):|^\*{4}$`)

// secretWords, and pairs of words, make a name that of a secret.
var secretWords = map[string]bool{
	"password": true, "passwd": true, "pwd": true, "passphrase": true, "pass": true, "secret": true, "secrets": true,
	"passwords": true, "tokens": true, "token": true, "credential": true, "credentials": true, "apikey": true, "privatekey": true, "accesskey": true,
	"api key": true, "private key": true, "access key": true, "auth key": true, "signing key": true, "encryption key": true,
	"secret key": true, "secret access": true, "license key": true, "connection string": true, "client secret": true,
}

// pointerWords end names that speak about a secret without holding one.
var pointerWords = map[string]bool{
	"arn": true, "arns": true, "id": true, "ids": true, "name": true, "names": true, "path": true, "alias": true,
	"parameter": true, "param": true, "ttl": true, "expiry": true, "expiration": true, "timeout": true, "validity": true,
	"units": true, "type": true, "length": true, "policy": true, "region": true, "url": true, "uri": true, "endpoint": true,
	"template": true, "version": true, "rotation": true, "key": true, "format": true, "source": true, "enabled": true,
}

// LooksSecret reports whether a value under this name is to be hidden. An ARN
// or a symbol is not: it names something and is compared as a reference.
func LooksSecret(name, value string) bool {
	if strings.HasPrefix(value, "arn:") || template.IsSymbol(value) {
		return false
	}
	if name == "HttpTokens" && (value == "required" || value == "optional") {
		return false // whether EC2's metadata service wants tokens, and no token
	}
	words := wordsOf(name)
	for i, word := range words {
		pair := ""
		if i+1 < len(words) {
			pair = word + " " + words[i+1]
		}
		if secretWords[pair] && i+2 == len(words) {
			return true
		}
		if (secretWords[word] || secretWords[pair]) && !pointerWords[words[len(words)-1]] {
			return true
		}
	}
	return false
}

// wordsOf splits DB_PASSWORD, dbPassword, DbPassword and db-password alike.
func wordsOf(name string) []string {
	var words []string
	var word strings.Builder
	runes := []rune(name)
	flush := func() {
		if word.Len() > 0 {
			words = append(words, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	for i, c := range runes {
		switch {
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			flush()
			continue
		case unicode.IsUpper(c) && i > 0 && (unicode.IsLower(runes[i-1]) || unicode.IsDigit(runes[i-1]) ||
			i+1 < len(runes) && unicode.IsLower(runes[i+1]) && unicode.IsUpper(runes[i-1])):
			flush()
		}
		word.WriteRune(c)
	}
	flush()
	return words
}

var credentialsIn = regexp.MustCompile(`://[^/\s:@"']+:[^/\s:@"'$]+@|-----BEGIN [A-Z ]*PRIVATE KEY(?:-----[^-]*)?|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|` +
	`(?i)(?:\b|_)(?:password|pwd|accountkey|sharedaccesskey)=[^;&\s$"']+`)

// carriesCredentials finds user information in URLs, private keys, access keys
// and connection strings.
func carriesCredentials(text string) bool { return credentialsIn.MatchString(text) }

// WithoutCredentials masks what Tree would hide in running text, for messages.
func WithoutCredentials(text string) string {
	return credentialsIn.ReplaceAllString(text, drift.Redacted)
}
