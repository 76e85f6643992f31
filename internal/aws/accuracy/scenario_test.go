package accuracy

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// scenario is one template, how it is deployed, and what is done to it.
type scenario struct {
	name, purpose string

	Stacks     []stack           `yaml:"stacks"`     // default: one stack "app" from the template of the same name
	Regions    []string          `yaml:"regions"`    // primary and standby; default us-east-1 and us-west-2
	Accounts   map[string]string `yaml:"accounts"`   // by role, where a Region lives in another account
	Objectives objectives        `yaml:"objectives"` // how small a standby may be
	Before     []step            `yaml:"before"`     // what must exist in every Region first
	Gaps       []string          `yaml:"gaps"`       // keys of resources nobody can read, and why, after a colon
	Moto       bool              `yaml:"moto"`       // moto can create it too
	Declared   []string          `yaml:"declared"`   // findings that the deployment itself must give
	Says       []string          `yaml:"says"`       // words that their messages must hold

	Mutations   []mutation  `yaml:"mutations"`
	Asymmetries []asymmetry `yaml:"asymmetries"`
}

type stack struct {
	Key        string                       `yaml:"key"`
	Template   string                       `yaml:"template"`   // file without its ending
	Names      map[string]string            `yaml:"names"`      // by role, where they differ
	Only       string                       `yaml:"only"`       // the one role that has it
	Parameters map[string]map[string]string `yaml:"parameters"` // by role; "both" for both
}

type objectives struct {
	Floor   float64 `yaml:"floor"`
	Ceiling float64 `yaml:"ceiling"`
}

// mutation is one change behind the templates' back and everything that must be found.
type mutation struct {
	Name  string   `yaml:"name"`
	Do    []step   `yaml:"do"`
	Finds []string `yaml:"finds"` // "Resource Property severity cause [Region's role]"; a Property of "-": the whole resource
	Also  string   `yaml:"also"`  // why there is more than one finding
	Says  string   `yaml:"says"`  // words that one message must hold
}

// asymmetry is a legitimate difference that must be silent, beside one that looks like it and must not be.
type asymmetry struct {
	Name   string   `yaml:"name"`
	Where  string   `yaml:"where"`  // "Resource Property": what must differ in the raw snapshots, so that silence means something
	Silent []step   `yaml:"silent"` // none: as it is deployed
	Loud   mutation `yaml:"loud"`
}

// step is one call of one SDK client.
type step struct {
	In   string            `yaml:"in"`   // role; default standby, in "before" both
	Call string            `yaml:"call"` // service:Operation
	With map[string]any    `yaml:"with"`
	Save map[string]string `yaml:"save"` // variable to the member of the output it holds from now on: "${saved:Key}"
}

func scenarios(t *testing.T) []*scenario {
	t.Helper()
	files, err := filepath.Glob("../../../testdata/templates/*.*")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates", err)
	}
	var list []*scenario
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		if strings.HasPrefix(name, "part-") {
			continue // belongs to a scenario of another name
		}
		s := &scenario{name: name}
		if cases, err := os.ReadFile("../../../testdata/cases/" + name + ".yaml"); err == nil {
			if err := yaml.UnmarshalWithOptions(cases, s, yaml.Strict()); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		first, _, _ := strings.Cut(read(t, name), "\n")
		s.purpose = strings.TrimPrefix(first, "# ")
		if m := description.FindStringSubmatch(first); m != nil {
			s.purpose = m[1] // JSON has no comments
		}
		if s.purpose == first {
			t.Errorf("%s: the first line must say what it is for", file)
		}
		s.complete()
		list = append(list, s)
	}
	return list
}

var description = regexp.MustCompile(`^\{"Description": "(.*)",$`)

func (s *scenario) complete() {
	if len(s.Regions) == 0 {
		s.Regions = []string{"us-east-1", "us-west-2"}
	}
	if len(s.Stacks) == 0 {
		s.Stacks = []stack{{Key: "app"}}
	}
	for i := range s.Stacks {
		if s.Stacks[i].Template == "" {
			s.Stacks[i].Template = s.name
		}
	}
}

func read(t *testing.T, template string) string {
	t.Helper()
	body, err := os.ReadFile("../../../testdata/templates/" + template + ".yaml")
	if os.IsNotExist(err) {
		body, err = os.ReadFile("../../../testdata/templates/" + template + ".json")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
