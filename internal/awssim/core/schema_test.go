package core

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/store"
)

func TestASchemaConvertsWhatATemplateCanOnlyWriteAsText(t *testing.T) {
	s := Schema{
		Numbers:  []string{"Size", "Rules.Port", "Ports"},
		Booleans: []string{"On", "Deep.Flag"},
	}
	r := &store.Resource{Properties: map[string]any{
		"Size": "5", "Ports": []any{"1", 2.0}, "On": "true", "Other": "7",
		"Rules": []any{map[string]any{"Port": "443"}, map[string]any{"Name": "x"}},
		"Deep":  map[string]any{"Flag": "false"},
	}}
	if err := s.check(r); err != nil {
		t.Fatal(err)
	}
	p := r.Properties
	if p["Size"] != 5.0 || p["Ports"].([]any)[0] != 1.0 || p["On"] != true || p["Other"] != "7" ||
		p["Rules"].([]any)[0].(map[string]any)["Port"] != 443.0 || p["Deep"].(map[string]any)["Flag"] != false {
		t.Errorf("%v", p)
	}
}

func TestASchemaNamesTheFirstViolation(t *testing.T) {
	s := Schema{
		Required: []string{"Name"}, Numbers: []string{"Size"}, Booleans: []string{"On"},
		Allowed: map[string][]string{"Mode": {"a", "b"}, "List.Mode": {"a"}}, Range: map[string][2]float64{"Size": {1, 10}},
	}
	for want, p := range map[string]map[string]any{
		"required key [Name] not found":         {},
		"#/Size: expected type: Number":         {"Name": "n", "Size": "big"},
		"#/On: expected type: Boolean":          {"Name": "n", "On": "maybe"},
		"#/Mode: #: c is not a valid enum":      {"Name": "n", "Mode": "c"},
		"#/List/Mode: #: b is not a valid enum": {"Name": "n", "List": []any{map[string]any{"Mode": "a"}, map[string]any{"Mode": "b"}}},
		"#/Size: 11 is not between 1 and 10":    {"Name": "n", "Size": 11.0},
	} {
		err := s.check(&store.Resource{Properties: p})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if err := s.check(&store.Resource{Properties: map[string]any{"Name": "n", "Size": "10", "Mode": "b"}}); err != nil {
		t.Error(err)
	}
}
