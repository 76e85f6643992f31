package cfn

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Every node of a random graph is visited once, after all it waits for, whether steps end at once or later in any order.
func TestAWalkVisitsEverythingOnceAndInOrder(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		n := rnd.IntN(30)
		var nodes []string
		needs := map[string][]string{}
		for i := range n {
			id := fmt.Sprintf("n%02d", i)
			for _, earlier := range nodes {
				if rnd.IntN(4) == 0 {
					needs[id] = append(needs[id], earlier)
				}
			}
			needs[id] = append(needs[id], "elsewhere")
			nodes = append(nodes, id)
		}
		rnd.Shuffle(n, func(i, j int) { nodes[i], nodes[j] = nodes[j], nodes[i] })
		done, finished := map[string]bool{}, 0
		var running []string
		var w *walk
		w = newWalk(nodes, func(id string) []string { return needs[id] }, func(id string) {
			for _, need := range needs[id] {
				if need != "elsewhere" && !done[need] {
					t.Fatalf("seed %d: %s before %s", seed, id, need)
				}
			}
			if rnd.IntN(2) == 0 {
				done[id] = true
				w.done(id)
				return
			}
			running = append(running, id)
		}, func() { finished++ })
		w.pump()
		for len(running) > 0 {
			i := rnd.IntN(len(running))
			id := running[i]
			running = slices.Delete(running, i, i+1)
			done[id] = true
			w.done(id)
			w.done(id) // twice does no harm
		}
		if len(done) != n || finished != 1 {
			t.Fatalf("seed %d: %d of %d visited, finished %d times", seed, len(done), n, finished)
		}
	}
}

func TestAStoppedWalkStartsNothingMore(t *testing.T) {
	var begun []string
	w := newWalk([]string{"a", "b", "c"}, func(id string) []string { return map[string][]string{"c": {"a"}}[id] },
		func(id string) { begun = append(begun, id) }, func() { t.Error("finished") })
	w.pump()
	if got := w.stop(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("running %q", got)
	}
	w.done("a")
	w.done("b")
	if !slices.Equal(begun, []string{"a", "b"}) {
		t.Errorf("begun %q", begun)
	}
}

func TestValuesCompareAsCloudFormationComparesThem(t *testing.T) {
	tree := map[string]any{"a": []any{1.0, "x"}}
	for _, c := range []struct {
		name string
		a, b any
		same bool
	}{
		{"numbers and their text", 30.0, "30", true},
		{"booleans and their text", true, "true", true},
		{"different numbers", 30.0, "31", false},
		{"nothing and empty text", nil, "", false},
		{"a tree and its JSON", tree, `{"a":[1,"x"]}`, true},
		{"a tree and other JSON", tree, `{"a":[1]}`, false},
		{"text that is no JSON and a tree", "{", tree, false},
		{"lists in another order", []any{"a", "b"}, []any{"b", "a"}, false},
		{"a member that is nothing", tree, map[string]any{"a": []any{1.0, "x"}, "b": nil}, true},
		{"a member more", tree, map[string]any{"a": []any{1.0, "x"}, "b": ""}, false},
		{"a list and text", []any{}, "", false},
	} {
		if same(c.a, c.b) != c.same || same(c.b, c.a) != c.same {
			t.Errorf("%s: want %v", c.name, c.same)
		}
		if diffs := differ("/P", c.a, c.b); (len(diffs) == 0) != c.same {
			t.Errorf("%s: differences %v", c.name, diffs)
		}
	}
}

func TestDifferencesNameTheirPath(t *testing.T) {
	want := map[string]any{"Env": map[string]any{"A": "1", "B": "2"}, "List": []any{"x", "y"}}
	have := map[string]any{"Env": map[string]any{"A": "1", "B": "3", "C": "4"}, "List": []any{"x"}}
	var got []string
	for _, d := range differ("", want, have) {
		got = append(got, d.path+" "+d.kind)
	}
	slices.Sort(got)
	if expect := []string{"/Env/B NOT_EQUAL", "/Env/C ADD", "/List NOT_EQUAL"}; !slices.Equal(got, expect) {
		t.Errorf("got %q, want %q", got, expect)
	}
}

func TestDurationsAreRead(t *testing.T) {
	for text, want := range map[string]time.Duration{"PT60M": time.Hour, "PT1H30M": 90 * time.Minute, "PT15S": 15 * time.Second, "soon": 5 * time.Minute, "": 5 * time.Minute} {
		if got := isoDuration(text); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestMentionsAreFound(t *testing.T) {
	node := map[string]any{"a": map[string]any{"Ref": "P"}, "b": []any{map[string]any{"Fn::GetAtt": []any{"R", "Arn"}},
		map[string]any{"Fn::Sub": []any{"${X} and ${Y.Z}", map[string]any{"X": map[string]any{"Ref": "Q"}}}}}}
	if got, want := mentions(node), []string{"P", "Q", "R.Arn", "X", "Y.Z"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
