package read

import (
	"cmp"
	"encoding/base64"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lockstep-dr/lockstep/drift"
)

// script is user data taken out of a resource until it can be sealed.
type script struct {
	key  string
	path []string
	text string
	// declared is true of what a template says it is.
	declared bool
}

// takeScripts takes all user data out of a tree. It often holds a secret, and
// nothing marks where: it leaves the process as a digest only.
func takeScripts(v any, path ...string) []script {
	var taken []script
	switch v := v.(type) {
	case map[string]any:
		for _, name := range keysOf(v) {
			if encoded, ok := v[name].(string); ok && name == "UserData" {
				taken = append(taken, script{path: append(slices.Clone(path), name), text: decoded(encoded)})
				delete(v, name)
				continue
			}
			taken = append(taken, takeScripts(v[name], append(slices.Clone(path), name)...)...)
		}
	case []any:
		for i, element := range v {
			taken = append(taken, takeScripts(element, append(slices.Clone(path), strconv.Itoa(i))...)...)
		}
	}
	return taken
}

// put sets what stands at the script's place.
func (s script) put(tree any, value any) {
	for _, name := range s.path[:len(s.path)-1] {
		switch v := tree.(type) {
		case map[string]any:
			tree = v[name]
		case []any:
			if i, err := strconv.Atoi(name); err == nil && i < len(v) {
				tree = v[i]
			}
		}
	}
	if at, ok := tree.(map[string]any); ok {
		at[s.path[len(s.path)-1]] = value
	}
}

// decoded is the text behind base64, or the value itself when it is none. A
// template encodes nothing whose references are not known yet.
func decoded(value string) string {
	if inner, ok := strings.CutPrefix(value, "${Fn::Base64:"); ok && strings.HasSuffix(inner, "}") {
		return strings.TrimSuffix(inner, "}")
	}
	if plain, err := base64.StdEncoding.DecodeString(value); err == nil && utf8.Valid(plain) {
		return string(plain)
	}
	return value
}

// takeUserData takes the user data out of a resource that was read, and out of
// what its template says it is.
func (r *run) takeUserData(resource *drift.Resource) {
	taken := takeScripts(resource.Properties)
	for _, s := range takeScripts(resource.Declared) {
		s.declared = true
		taken = append(taken, s)
	}
	for i := range taken {
		taken[i].key = resource.Key
	}
	r.add("", func() { r.scripts = append(r.scripts, taken...) })
}

// sealScripts puts digests of the scripts where the scripts were. Names of the
// application's own resources become their keys first: a script that names the
// queue of its Region is the same script in both Regions. It waits until
// everything is read, because only then all names are known. keys are the
// resources that a template's text may name.
func (r *run) sealScripts(keys map[string]bool) {
	if len(r.scripts) == 0 {
		return
	}
	names := r.namesOfAll()
	live, declared := map[string]map[string]any{}, map[string]map[string]any{}
	for _, resource := range r.result.Resources {
		live[resource.Key], declared[resource.Key] = resource.Properties, resource.Declared
	}
	for _, s := range r.scripts {
		if s.declared {
			s.put(declared[s.key], r.hider().Value(qualified(s.text, s.key, keys)))
			continue
		}
		s.put(live[s.key], r.hider().Value(names.Replace(s.text)))
	}
}

// keys are those of all resources of the run.
func (r *run) keys() map[string]bool {
	keys := map[string]bool{}
	for _, item := range r.Items {
		keys[item.Key] = true
	}
	return keys
}

// symbolOfOwn is how a template names a resource of its own stack: ${Fn}, ${Fn.Arn}.
var symbolOfOwn = regexp.MustCompile(`\$\{([A-Za-z0-9]+)((?:\.[A-Za-z0-9.]+)?)\}`)

// qualified gives the references of a declared text the stack they belong to. A
// variable of the script is none.
func qualified(text, key string, keys map[string]bool) string {
	stack := key[:strings.LastIndexByte(key, '/')+1]
	return symbolOfOwn.ReplaceAllStringFunc(text, func(symbol string) string {
		m := symbolOfOwn.FindStringSubmatch(symbol)
		if !keys[stack+m[1]] {
			return symbol
		}
		return "${" + stack + m[1] + m[2] + "}"
	})
}

// namesOfAll replaces what AWS calls the resources and stacks of the run by
// their keys. A name that could be an ordinary word is left alone.
func (r *run) namesOfAll() *strings.Replacer {
	known := map[string]string{}
	learn := func(name, symbol string) {
		if known[name] == "" && len(name) >= 8 && strings.ContainsAny(name, "0123456789-_./:") {
			known[name] = "${" + symbol + "}" // the first of several attributes that say the same, in every Region
		}
	}
	for _, item := range r.Items {
		learn(item.StackID, item.Stack+"#stack")
		learn(item.ID, item.Key)
		for _, attribute := range keysOf(item.Names) {
			learn(item.Names[attribute], item.Key+"."+attribute)
		}
	}
	for _, resource := range r.result.Resources {
		for _, attribute := range keysOf(resource.Identities) {
			learn(resource.Identities[attribute], resource.Key+"."+attribute)
		}
	}
	names := slices.SortedFunc(maps.Keys(known), func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	var pairs []string
	for _, name := range names {
		pairs = append(pairs, name, known[name])
	}
	return strings.NewReplacer(pairs...)
}
