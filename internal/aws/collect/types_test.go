package collect

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/drift/metadata"
)

// telltale deploys testdata/NAME.yaml into both Regions of a fresh AWS and
// expects what every type owes: that it is read natively and in full, that what
// is declared is what is read, and that two Regions deployed from one source do
// not differ.
//
// before makes what a Region must hold that no template makes, such as code, and
// gives the parameters that say where it is; nil for none.
func telltale(t *testing.T, name string, before ...func(*world, aws.Config) map[string]string) *world {
	t.Helper()
	w := newWorld(t)
	parameters := map[string]string{}
	for _, s := range w.sessions {
		for _, prepare := range before {
			maps.Copy(parameters, prepare(w, s.Config))
		}
	}
	body, err := os.ReadFile(filepath.Join("testdata", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range w.sessions {
		parameters["Role"] = []string{"primary", "standby"}[i]
		w.deploy(s.Config, "app", body, parameters)
	}
	snapshots := w.snapshots(w.options("app"))
	for _, s := range snapshots {
		for _, g := range s.Gaps {
			t.Errorf("%s: gap %+v", s.Region.Name, g)
		}
		for _, r := range s.Resources {
			if r.Via != "native" || r.Declared == nil {
				t.Errorf("%s %s: via %q, declared %v", s.Region.Name, r.Key, r.Via, r.Declared)
			}
			known, _ := metadata.Lookup(r.Type)
			for _, property := range slices.Sorted(maps.Keys(r.Declared)) {
				unread := func(path string) bool { return strings.HasPrefix(path, property+"/") }
				if slices.Contains(known.WriteOnly, property) || strings.HasSuffix(property, "Tags") ||
					r.Properties[property] == nil && slices.ContainsFunc(known.WriteOnly, unread) {
					continue
				}
				within(t, s.Region.Name+" "+r.Key+"."+property, returned(r.Declared[property], property, known.WriteOnly), r.Properties[property])
			}
		}
	}
	c := compare(w, snapshots)
	for _, f := range c.Findings {
		t.Errorf("finding %s %s.%s: %v and %v (%s)", f.Severity, f.Resource, f.Property, f.Primary, f.Standby, f.Message)
	}
	if c.Coverage.NotCompared != 0 || c.Coverage.Compared == 0 {
		t.Errorf("coverage %+v", c.Coverage)
	}
	return w
}

// returned is a declared value without the members that no read returns.
func returned(v any, path string, writeOnly []string) any {
	members, ok := v.(map[string]any)
	if !ok {
		return v
	}
	kept := map[string]any{}
	for name, member := range members {
		if at := path + "/" + name; !slices.Contains(writeOnly, at) {
			kept[name] = returned(member, at, writeOnly)
		}
	}
	return kept
}

// within expects what is declared among what is live: symbols stand for
// anything, numbers may be text, lists may have another order.
func within(t *testing.T, path string, declared, live any) {
	t.Helper()
	if text, ok := declared.(string); ok && reflect.ValueOf(live).Kind() == reflect.Map {
		if tree := (map[string]any{}); json.Unmarshal([]byte(text), &tree) == nil {
			declared = tree // a document that is declared as text and read as a tree
		}
	}
	if _, sealed := drift.AsSealed(declared); sealed && live == nil {
		return // what AWS tells nobody
	}
	switch d := declared.(type) {
	case map[string]any:
		l, ok := live.(map[string]any)
		if !ok && len(d) > 0 {
			t.Errorf("%s is %v, declared as %v", path, live, declared)
			return
		}
		for key, value := range d {
			within(t, path+"."+key, value, l[key])
		}
	case []any:
		l, ok := live.([]any)
		if !ok && len(d) > 0 || len(l) < len(d) {
			t.Errorf("%s is %v, declared as %v", path, live, declared)
		}
	default:
		text := fmt.Sprint(d)
		if strings.Contains(text, "${") && live != nil {
			return
		}
		if have := fmt.Sprint(live); have != text && !strings.HasSuffix(have, "::"+text+":root") {
			t.Errorf("%s is %v, declared as %v", path, live, declared)
		}
	}
}

// edit is a change by hand in the standby that has to show.
type edit struct {
	// logical id of the resource, and the property of the finding.
	logical, property string
	make              func(cfg aws.Config, id string) error
}

// shows makes the changes one by one and expects each to be found.
func (w *world) shows(edits ...edit) {
	w.Helper()
	seen := map[string]bool{}
	for _, e := range edits {
		o := w.options("app")
		id := resource(w.T, w.snapshots(o)[1], "app/"+e.logical).ID
		if err := e.make(w.sessions[1].Config, id); err != nil {
			w.Errorf("%s: %v", e.logical, err)
			continue
		}
		found := false
		for _, f := range compare(w, w.snapshots(o)).Findings {
			at := f.Resource + "." + f.Property
			found = found || f.Resource == "app/"+e.logical && strings.HasPrefix(f.Property, e.property)
			if !seen[at] && !(f.Resource == "app/"+e.logical && strings.HasPrefix(f.Property, e.property)) {
				w.Errorf("after the change of %s.%s there is also %s: %v and %v", e.logical, e.property, at, f.Primary, f.Standby)
			}
			seen[at] = true
		}
		if !found {
			w.Errorf("nobody saw the change of %s.%s", e.logical, e.property)
		}
	}
}

func factOf(t *testing.T, s *drift.Snapshot, kind, subject string) map[string]any {
	t.Helper()
	for _, f := range s.Facts {
		if f.Kind == kind && f.Subject == subject {
			value, _ := f.Value.(map[string]any)
			return value
		}
	}
	t.Fatalf("%s has no fact %s of %s", s.Region.Name, kind, subject)
	return nil
}
