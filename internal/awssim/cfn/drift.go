package cfn

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Drift statuses of resources; of stacks they are DRIFTED, IN_SYNC and NOT_CHECKED.
const (
	inSync     = "IN_SYNC"
	modified   = "MODIFIED"
	deleted    = "DELETED"
	notChecked = "NOT_CHECKED"
)

type driftInfo struct {
	status string
	at     time.Time
}

// resourceDrift is the result of the last detection for one row.
type resourceDrift struct {
	status           string
	at               time.Time
	differences      []difference
	expected, actual map[string]any
	skipped          bool // a rollback left it as it was; it cannot be checked any more
}

// difference is one property whose live value is not the template's.
type difference struct {
	path, kind       string // ADD, REMOVE, NOT_EQUAL
	expected, actual any
}

// property is the top-level property a difference lies in.
func (d difference) property() string {
	name, _, _ := strings.Cut(strings.TrimPrefix(d.path, "/"), "/")
	return name
}

// driftOf compares the live resource with the properties a template gives it. Only properties that the template sets are
// compared, as on AWS.
func (e *Engine) driftOf(st *stack, r *resource, expected map[string]any) resourceDrift {
	d := resourceDrift{at: e.world.Clock.Now(), expected: expected, skipped: r.drift.skipped}
	if strings.HasPrefix(r.typ, "AWS::CloudFormation::") || strings.HasPrefix(r.typ, "Custom::") || d.skipped {
		d.status = notChecked
		return d
	}
	live, ok := e.live(st, r)
	if !ok {
		d.status = deleted
		return d
	}
	kind, _ := e.world.Kind(r.typ)
	model := e.world.Model(live)
	d.actual = map[string]any{}
	for name, want := range expected {
		if slices.Contains(kind.WriteOnly, name) {
			continue
		}
		have := model[name]
		if name == "Tags" {
			have = ownTags(kind, have, want)
		}
		if have != nil {
			d.actual[name] = have
		}
		if !slices.Contains(kind.Ignored, name) {
			d.differences = append(d.differences, differ("/"+name, want, have)...)
		}
	}
	slices.SortFunc(d.differences, func(a, b difference) int { return strings.Compare(a.path, b.path) })
	d.status = inSync
	if len(d.differences) > 0 {
		d.status = modified
	}
	return d
}

// ownTags are the live tags without those that only the stack has put there.
func ownTags(kind core.Kind, have, want any) any {
	tags, wanted := core.Tags(have), core.Tags(want)
	for k := range tags {
		if _, ok := wanted[k]; !ok {
			delete(tags, k)
		}
	}
	return kind.TagProperty(tags)
}

// differ lists the differences between two trees: member by member in maps, element by element in lists of equal length.
func differ(path string, want, have any) []difference {
	switch {
	case same(want, have):
		return nil
	case have == nil:
		return []difference{{path: path, kind: "REMOVE", expected: want}}
	case want == nil:
		return []difference{{path: path, kind: "ADD", actual: have}}
	}
	if wm, hm := wire.AsObject(want), wire.AsObject(have); wm != nil && hm != nil {
		var out []difference
		for name := range union(wm, hm) {
			out = append(out, differ(path+"/"+name, wm[name], hm[name])...)
		}
		return out
	}
	wl, okw := wire.Items(want)
	hl, okh := wire.Items(have)
	if okw && okh && len(wl) == len(hl) {
		var out []difference
		for i := range wl {
			out = append(out, differ(path+"/"+strconv.Itoa(i), wl[i], hl[i])...)
		}
		return out
	}
	return []difference{{path: path, kind: "NOT_EQUAL", expected: want, actual: have}}
}

// jsonText writes a value the way drift results and change sets do: text as it is, trees as JSON.
func jsonText(v any) any {
	if v == nil {
		return nil
	}
	if !isTree(v) {
		return wire.Text(v)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil // closed trees always marshal
	}
	return string(b)
}
