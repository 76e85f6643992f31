package drift

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// go-cmp is the judge of our own walk: over random aligned trees both must
// report the same places in the same order. (The walk exists because a program
// that links go-cmp is three times as large; see docs/decisions/0005.)
func TestTheWalkFindsWhatGoCmpFinds(t *testing.T) {
	for seed := range uint64(3000) {
		random := rand.New(rand.NewPCG(seed, 1))
		a := &alignment{primary: randomTree(random, 3), places: map[string]difference{}}
		a.standby = mutated(random, a.primary)
		everyPlace("", a.primary, a.places)
		everyPlace("", a.standby, a.places)
		got := placesOf(a.unequal(nil, "", a.primary, a.standby))
		oracle := collector{places: a.places}
		cmp.Equal(a.primary, a.standby, cmp.Reporter(&oracle))
		if want := placesOf(oracle.found); !slices.Equal(got, want) {
			t.Fatalf("seed %d: the walk finds %q, go-cmp %q, in\n%v\n%v", seed, got, want, a.primary, a.standby)
		}
	}
}

// collector is a cmp.Reporter that looks the places up. go-cmp visits map keys
// in sorted order.
type collector struct {
	path   cmp.Path
	places map[string]difference
	found  []difference
}

func (c *collector) PushStep(s cmp.PathStep) { c.path = append(c.path, s) }
func (c *collector) PopStep()                { c.path = c.path[:len(c.path)-1] }

// Report notes an unequal leaf: a value or a subtree that one side lacks.
func (c *collector) Report(r cmp.Result) {
	if r.Equal() {
		return
	}
	var at strings.Builder
	for _, s := range c.path {
		if index, ok := s.(cmp.MapIndex); ok {
			at.WriteString("\x00" + index.Key().String())
		}
	}
	if d, ok := c.places[at.String()]; ok {
		c.found = append(c.found, d)
	}
}

func randomTree(random *rand.Rand, depth int) map[string]any {
	tree := map[string]any{}
	for _, key := range []string{"a", "b", "c"}[:random.IntN(4)] {
		tree[key] = randomValue(random, depth)
	}
	return tree
}

func randomValue(random *rand.Rand, depth int) any {
	if depth > 0 && random.IntN(2) == 0 {
		return randomTree(random, depth-1)
	}
	return []any{nil, true, false, 1.0, 2.0, "x", "y"}[random.IntN(7)]
}

// mutated copies a tree and changes, adds and drops here and there.
func mutated(random *rand.Rand, tree map[string]any) map[string]any {
	other := map[string]any{}
	for key, value := range tree {
		below, isTree := value.(map[string]any)
		switch {
		case random.IntN(6) == 0: // dropped
		case random.IntN(6) == 0:
			other[key] = randomValue(random, 2)
		case isTree:
			other[key] = mutated(random, below)
		default:
			other[key] = value
		}
	}
	if random.IntN(4) == 0 {
		other["d"] = randomValue(random, 1)
	}
	return other
}

// everyPlace gives every place of a tree a difference that carries its name.
func everyPlace(at string, tree map[string]any, places map[string]difference) {
	for key, value := range tree {
		place := at + "\x00" + key
		places[place] = difference{path: path{step{name: place}}}
		if below, ok := value.(map[string]any); ok {
			everyPlace(place, below, places)
		}
	}
}

func placesOf(found []difference) []string {
	var list []string
	for _, d := range found {
		list = append(list, d.path[0].name)
	}
	return list
}
