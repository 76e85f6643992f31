package read

import (
	"cmp"
	"encoding/base64"
	"maps"
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

// decoded is the text behind base64, or the value itself when it is none.
func decoded(value string) string {
	if plain, err := base64.StdEncoding.DecodeString(value); err == nil && utf8.Valid(plain) {
		return string(plain)
	}
	return value
}

// takeUserData takes the user data out of a resource that was read, and hides
// what its template says it is.
func (r *run) takeUserData(resource *drift.Resource) {
	taken := takeScripts(resource.Properties)
	for i := range taken {
		taken[i].key = resource.Key
	}
	r.add("", func() { r.scripts = append(r.scripts, taken...) })
	for _, s := range takeScripts(resource.Declared) {
		s.put(resource.Declared, r.hider().Value(s.text))
	}
}

// sealScripts puts digests of the scripts where the scripts were. Names of the
// application's own resources become their keys first: a script that names the
// queue of its Region is the same script in both Regions. It waits until
// everything is read, because only then all names are known.
func (r *run) sealScripts() {
	if len(r.scripts) == 0 {
		return
	}
	names := r.namesOfAll()
	at := map[string]map[string]any{}
	for _, resource := range r.result.Resources {
		at[resource.Key] = resource.Properties
	}
	for _, s := range r.scripts {
		s.put(at[s.key], r.hider().Value(names.Replace(s.text)))
	}
}

// namesOfAll replaces what AWS calls the resources and stacks of the run by
// their keys. A name that could be an ordinary word is left alone.
func (r *run) namesOfAll() *strings.Replacer {
	known := map[string]string{}
	learn := func(name, symbol string) {
		if len(name) >= 8 && strings.ContainsAny(name, "0123456789-_./:") {
			known[name] = "${" + symbol + "}"
		}
	}
	for _, item := range r.Items {
		learn(item.StackID, item.Stack+"#stack")
		learn(item.ID, item.Key)
		for attribute, name := range item.Names {
			learn(name, item.Key+"."+attribute)
		}
	}
	for _, resource := range r.result.Resources {
		for attribute, name := range resource.Identities {
			learn(name, resource.Key+"."+attribute)
		}
	}
	names := slices.SortedFunc(maps.Keys(known), func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	var pairs []string
	for _, name := range names {
		pairs = append(pairs, name, known[name])
	}
	return strings.NewReplacer(pairs...)
}
