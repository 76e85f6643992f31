package terraform

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/regionname"
)

// Whatever bytes a state has: no panic, no resource lost, the same result twice.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"version":4,"resources":[{"mode":"managed","type":"aws_route_table","name":"x","provider":"provider.aws","instances":[{"index_key":"a\"]b","attributes_flat":{"id":"r"}},{"attributes":{"id":1e300,"route":[{},null,7]},"sensitive_attributes":["id",[],[{"value":3}]]}]}]}`))
	f.Add([]byte(`{"format_version":"1.0","values":{"root_module":{"resources":[null,{"mode":"managed","provider_name":"aws","index":1.5,"sensitive_values":[1]}],"child_modules":[null]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		state, err := Parse(data)
		if err != nil {
			return
		}
		for _, regions := range [][]string{{"us-east-1", "us-west-2"}, {"us-west-2"}} {
			first := Regions([]Given{{state, regions}}, twoRegions)
			if second := Regions([]Given{{state, regions}}, twoRegions); !reflect.DeepEqual(first, second) {
				t.Fatalf("two results:\n%+v\n%+v", first, second)
			}
			objects := 0
			for _, list := range first {
				objects += len(list)
				for _, o := range list {
					if o.Key == "" || (o.Type == "") == (o.Problem == "" && o.Part == nil) {
						t.Fatalf("object %+v", o)
					}
				}
			}
			if objects < len(state.Resources) {
				t.Fatalf("%d resources became %d objects", len(state.Resources), objects)
			}
		}
	})
}

// A module path comes apart into what it was made of.
func FuzzSteps(f *testing.F) {
	for _, key := range []string{"us-east-1", "a.b", `x"]y`, `\`, "${a}", "é", "\n", ""} {
		f.Add("app", key)
	}
	f.Fuzz(func(t *testing.T, name, key string) {
		if name == "" || strings.ContainsAny(name, ".[") {
			return
		}
		path := "module." + name + indexText(key) + ".module.inner[3].module." + name
		list := steps(path)
		if len(list) != 3 || list[0].name != name || list[0].key != key || list[1].key != 3.0 || list[2].name != name || list[2].key != nil {
			if !strings.Contains(key, "\ufffd") && strings.ToValidUTF8(key, "") == key {
				t.Errorf("steps(%q) = %+v", path, list)
			}
		}
		r := Resource{Module: path, Type: "aws_sqs_queue", Name: name}
		if r.normal(regionname.Words{}) != r.Address() && strings.ToValidUTF8(key, "") == key && key != "" {
			t.Errorf("nothing to leave out, and %q became %q", r.Address(), r.normal(regionname.Words{}))
		}
	})
}
