package locate

import (
	"reflect"
	"regexp"

	"github.com/lockstep-dr/lockstep/drift"
)

// cause is where two Regions of one template part: the parameter that the
// configuration gives another value in each, the row of a mapping. It is nil
// where there is none, or more than one: then the property itself is the place.
// So it is where a condition decides: a parameter that tells the Regions apart has
// always done so, and what makes something of it is the template.
func (r *Repository) cause(here, there InRegion, id, property, region string) *drift.Location {
	w := &search{here: here, there: there, primary: r.Primary, region: region, seen: map[string]bool{}}
	if condition := here.Template.Resources[id].Condition; property == "" {
		if condition != "" && condition == there.Template.Resources[id].Condition && w.parts(condition) {
			return position(here.File, here.Template, "Resources/"+escape(id)+"/Condition")
		}
		return nil
	}
	_, node := descend(here.Template, id, property)
	_, other := descend(there.Template, id, property)
	if !reflect.DeepEqual(node, other) {
		return nil // the templates themselves differ there
	}
	w.walk(node)
	if w.conditional {
		return nil
	}
	if len(w.found) != 1 {
		return nil
	}
	return &w.found[0]
}

// search collects what decides a value and is not alike in both Regions.
type search struct {
	here, there     InRegion
	primary, region string
	found           []drift.Location
	seen            map[string]bool
	conditional     bool // a condition that parts the Regions decides
	regional        bool // the Region's name does
}

func (w *search) walk(node any) {
	switch v := node.(type) {
	case []any:
		for _, element := range v {
			w.walk(element)
		}
	case map[string]any:
		for name, argument := range v {
			if !isFunction(v) {
				w.walk(argument)
				continue
			}
			w.function(name, argument)
		}
	}
}

func (w *search) function(name string, argument any) {
	list, _ := argument.([]any)
	text, _ := argument.(string)
	switch {
	case name == "Ref":
		w.regional = w.regional || text == "AWS::Region"
		w.parameter(text)
	case name == "Condition":
		w.conditional = w.parts(text) || w.conditional
	case name == "Fn::Sub":
		if len(list) > 0 {
			text, _ = list[0].(string)
			w.walk(list[1:])
		}
		for _, m := range variable.FindAllStringSubmatch(text, -1) {
			w.parameter(m[1])
		}
	case name == "Fn::If" && len(list) == 3:
		name, _ := list[0].(string)
		w.conditional = w.parts(name) || w.conditional
		w.walk(list[1:])
	case name == "Fn::FindInMap" && len(list) >= 3:
		w.mapping(list)
		w.walk(list)
	default:
		w.walk(argument)
	}
}

// variable is what Fn::Sub fills in.
var variable = regexp.MustCompile(`\$\{([A-Za-z0-9]+)\}`)

// parts reports whether a condition rests on what is not alike in both Regions.
func (w *search) parts(condition string) bool {
	if !w.once("condition " + condition) {
		return false
	}
	asks := &search{here: w.here, there: w.there, primary: w.primary, region: w.region, seen: w.seen}
	asks.walk(w.here.Template.Conditions[condition])
	return len(asks.found) > 0 || asks.conditional || asks.regional
}

func (w *search) once(what string) bool {
	first := !w.seen[what]
	w.seen[what] = true
	return first
}

func (w *search) parameter(name string) {
	ours, given := w.here.Parameters[name]
	theirs, givenThere := w.there.Parameters[name]
	if ours.Value == theirs.Value && given == givenThere || !w.once("parameter "+name) {
		return
	}
	if !given {
		ours = theirs
	}
	w.found = append(w.found, ours.At)
}

// mapping notes the row that a mapping has for the Region, where it says
// something else than that for the primary.
func (w *search) mapping(list []any) {
	name, _ := list[0].(string)
	row, _ := list[1].(map[string]any)
	column, _ := list[2].(string)
	rows, _ := w.here.Template.Mappings[name].(map[string]any)
	if row["Ref"] != "AWS::Region" || rows == nil {
		return
	}
	mine, _ := rows[w.region].(map[string]any)
	other, _ := rows[w.primary].(map[string]any)
	if reflect.DeepEqual(mine[column], other[column]) || !w.once("mapping "+name+column) {
		return
	}
	if place := position(w.here.File, w.here.Template, "Mappings/"+escape(name)+"/"+escape(w.region)+"/"+escape(column)); place != nil {
		w.found = append(w.found, *place)
	}
}
