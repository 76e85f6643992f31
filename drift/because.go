package drift

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// because explains why the deployed templates come to different values at one
// place: through which parameter, condition or mapping, and what each of them is
// in either Region. It reads the templates as they were deployed, with their
// functions, and stops at what it cannot follow.
type because struct {
	sides      [2]*Stack
	regions    [2]string
	parameters []string // names, in order of discovery
	reasons    []string
	seen       map[string]bool
	secret     bool // name no values
}

// because looks into the templates at a place of a resource; nil when a stack
// or its template is not known.
func (c *comparer) because(key string, where path, secret bool) *because {
	b := &because{secret: secret, sides: [2]*Stack{c.primary.stackOf(key), c.standby.stackOf(key)},
		regions: [2]string{c.primary.region(), c.standby.region()}, seen: map[string]bool{}}
	bodies := [2]map[string]any{}
	for i, s := range []*side{c.primary, c.standby} {
		if bodies[i] = resourceBody(b.sides[i], logicalOf(s.ownOf(key))); bodies[i] == nil {
			return nil
		}
	}
	for _, body := range bodies {
		if name, ok := body["Condition"].(string); ok && len(where) == 0 {
			b.condition(name)
		}
	}
	left, right := descend(bodies[0]["Properties"], where), descend(bodies[1]["Properties"], where)
	if len(where) > 0 {
		if !reflect.DeepEqual(left, right) {
			b.say("the templates themselves differ there")
			return b
		}
		b.walk(left)
	}
	return b
}

// resourceBody is what a stack's template says of a resource.
func resourceBody(s *Stack, logical string) map[string]any {
	if s == nil {
		return nil
	}
	body, _ := dig(s.Template, "Resources."+logical).(map[string]any)
	return body
}

// descend follows a path as far as it leads through plain values: functions and
// lists are explained as a whole.
func descend(v any, where path) any {
	for _, s := range where {
		object, ok := v.(map[string]any)
		if !ok || isFunction(object) {
			return v
		}
		next, ok := object[s.name]
		if !ok {
			return nil
		}
		v = next
	}
	return v
}

func isFunction(object map[string]any) bool {
	for name := range object {
		return len(object) == 1 && (name == "Ref" || name == "Condition" || strings.HasPrefix(name, "Fn::"))
	}
	return false
}

func (b *because) say(reason string) {
	if !b.seen[reason] {
		b.seen[reason] = true
		b.reasons = append(b.reasons, reason)
	}
}

// walk finds what decides a value.
func (b *because) walk(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			b.walk(e)
		}
	case map[string]any:
		if isFunction(v) {
			for name, argument := range v {
				b.function(name, argument)
			}
			return
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			b.walk(v[name])
		}
	}
}

func (b *because) function(name string, argument any) {
	list, _ := argument.([]any)
	switch {
	case name == "Ref":
		text, _ := argument.(string)
		b.parameter(text)
	case name == "Fn::Sub":
		b.substituted(argument)
	case name == "Fn::If" && len(list) == 3:
		b.choice(list)
	case name == "Fn::FindInMap" && len(list) >= 3:
		b.lookup(list)
	default:
		b.walk(argument)
	}
}

// parameter notes a parameter of other value in the two Regions.
func (b *because) parameter(name string) {
	left, ok1 := b.sides[0].Parameters[name]
	right, ok2 := b.sides[1].Parameters[name]
	if !ok1 || !ok2 || left == right || slices.Contains(b.parameters, name) {
		return
	}
	b.parameters = append(b.parameters, name)
	b.say(b.differs("parameter "+name, "is", left, right))
}

// inText are the names that Fn::Sub fills in.
var inText = regexp.MustCompile(`\$\{([A-Za-z0-9:.]+)\}`)

func (b *because) substituted(argument any) {
	text, _ := argument.(string)
	if list, ok := argument.([]any); ok && len(list) == 2 {
		text, _ = list[0].(string)
		b.walk(list[1])
	}
	for _, m := range inText.FindAllStringSubmatch(text, -1) {
		b.parameter(m[1])
	}
}

// choice follows the branch of Fn::If that is taken, or says that they differ.
func (b *because) choice(list []any) {
	name, _ := list[0].(string)
	left, right, decided := b.holds(name)
	switch {
	case !decided:
		b.walk(list)
	case left != right:
		b.condition(name)
	case left:
		b.walk(list[1])
	default:
		b.walk(list[2])
	}
}

func (b *because) holds(condition string) (left, right, decided bool) {
	left, ok1 := b.sides[0].Conditions[condition]
	right, ok2 := b.sides[1].Conditions[condition]
	return left, right, ok1 && ok2
}

// condition notes a condition that holds in one Region only, and the parameters
// that decide it.
func (b *because) condition(name string) {
	left, right, decided := b.holds(name)
	if !decided || left == right {
		return
	}
	here, there := b.regions[0], b.regions[1]
	if right {
		here, there = there, here
	}
	b.say(fmt.Sprintf("condition %s holds in %s and not in %s", name, here, there))
	b.decides(name, 0)
}

// decides looks into a condition, and those it rests on.
func (b *because) decides(name string, depth int) {
	if depth > len(b.sides[0].Conditions) {
		return
	}
	b.each(dig(b.sides[0].Template, "Conditions."+name), func(other string) { b.decides(other, depth+1) })
}

// each visits the parameters of a condition, and hands on the conditions it names.
func (b *because) each(v any, condition func(string)) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			b.each(e, condition)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			text, _ := v[name].(string)
			switch {
			case name == "Condition" && text != "":
				condition(text)
			case name == "Ref" && text != "":
				b.parameter(text)
			default:
				b.each(v[name], condition)
			}
		}
	}
}

// lookup notes a mapping that has other values for the two Regions.
func (b *because) lookup(list []any) {
	b.walk(list)
	name, ok := list[0].(string)
	values := [2]any{}
	for i := range b.sides {
		first, ok1 := b.key(i, list[1])
		second, ok2 := b.key(i, list[2])
		values[i] = dig(b.sides[i].Template, "Mappings."+name)
		top, _ := values[i].(map[string]any)
		row, _ := top[first].(map[string]any)
		if values[i] = row[second]; !ok || !ok1 || !ok2 || values[i] == nil {
			return
		}
	}
	if !reflect.DeepEqual(values[0], values[1]) {
		b.say(b.differs("mapping "+name, "says", values[0], values[1]))
	}
}

// key is a key of a mapping in one Region: a text, a parameter or the Region.
func (b *because) key(i int, v any) (string, bool) {
	if text, ok := v.(string); ok {
		return text, true
	}
	object, _ := v.(map[string]any)
	name, ok := object["Ref"].(string)
	if name == "AWS::Region" {
		return b.regions[i], true
	}
	value, known := b.sides[i].Parameters[name]
	return value, ok && known
}

func (b *because) differs(what, verb string, left, right any) string {
	if b.secret {
		return what + " differs between the Regions"
	}
	return fmt.Sprintf("%s %s %s in %s and %s in %s", what, verb, brief(left), b.regions[0], brief(right), b.regions[1])
}

// sentence is the explanation as part of a sentence, "" when there is none.
func (b *because) sentence() string {
	if b == nil || len(b.reasons) == 0 {
		return ""
	}
	return strings.Join(b.reasons, "; ")
}
