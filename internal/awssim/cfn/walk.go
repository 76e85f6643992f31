package cfn

import (
	"maps"
	"slices"
)

// walk visits the nodes of a graph, each when all it waits for are done, as many at once as possible. begin starts a node;
// done is called for it then or later. finish is called once, when all nodes are done.
type walk struct {
	waiting map[string]map[string]bool // node → what it still waits for
	running map[string]bool
	begin   func(node string)
	finish  func()
	pumping bool
	over    bool
}

// newWalk prepares a walk. Prerequisites that are no nodes are ignored.
func newWalk(nodes []string, after func(node string) []string, begin func(string), finish func()) *walk {
	w := &walk{waiting: map[string]map[string]bool{}, running: map[string]bool{}, begin: begin, finish: finish}
	for _, n := range nodes {
		w.waiting[n] = map[string]bool{}
	}
	for _, n := range nodes {
		for _, d := range after(n) {
			if _, ok := w.waiting[d]; ok && d != n {
				w.waiting[n][d] = true
			}
		}
	}
	return w
}

// pump starts what is ready, in order of names, and ends the walk when nothing is left.
func (w *walk) pump() {
	if w.pumping || w.over {
		return
	}
	w.pumping = true
	for started := true; started && !w.over; {
		started = false
		for _, n := range slices.Sorted(maps.Keys(w.waiting)) {
			if w.over || len(w.waiting[n]) > 0 {
				continue
			}
			delete(w.waiting, n)
			w.running[n] = true
			started = true
			w.begin(n)
		}
	}
	w.pumping = false
	if !w.over && len(w.waiting) == 0 && len(w.running) == 0 {
		w.over = true
		w.finish()
	}
}

// done ends a node and starts what waited for it.
func (w *walk) done(node string) {
	if w.over || !w.running[node] {
		return
	}
	delete(w.running, node)
	for _, waits := range w.waiting {
		delete(waits, node)
	}
	w.pump()
}

// stop ends the walk without finish and returns the nodes that were running, sorted.
func (w *walk) stop() []string {
	w.over = true
	return slices.Sorted(maps.Keys(w.running))
}

// reverse turns "node waits for" around within the nodes.
func reverse(nodes []string, after func(string) []string) func(string) []string {
	back := map[string][]string{}
	for _, n := range nodes {
		for _, d := range after(n) {
			back[d] = append(back[d], n)
		}
	}
	return func(node string) []string { return back[node] }
}
