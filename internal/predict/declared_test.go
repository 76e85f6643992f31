package predict

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/template"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

var at = time.Date(2026, 11, 26, 6, 0, 0, 0, time.UTC)

// shape is a scenario of the accuracy suite, as far as a prediction needs it.
type shape struct {
	Stacks []struct {
		Key, Template, Only string
		Names               map[string]string
		Parameters          map[string]map[string]string
	}
	Regions  []string
	Accounts map[string]string
	Declared []string
	// Objectives are how small the standby may be.
	Objectives struct{ Floor, Ceiling float64 }
}

const shapes = "../../testdata"

func loadShape(t *testing.T, name string) shape {
	t.Helper()
	var s shape
	if text, err := os.ReadFile(filepath.Join(shapes, "cases", name+".yaml")); err == nil {
		if err := yaml.Unmarshal(text, &s); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.Regions) == 0 {
		s.Regions = []string{"us-east-1", "us-west-2"}
	}
	if len(s.Stacks) == 0 {
		s.Stacks = append(s.Stacks, struct {
			Key, Template, Only string
			Names               map[string]string
			Parameters          map[string]map[string]string
		}{Key: "app"})
	}
	for i := range s.Stacks {
		if s.Stacks[i].Template == "" {
			s.Stacks[i].Template = name
		}
	}
	return s
}

func shapeFile(name string) string {
	for _, ending := range []string{".yaml", ".json"} {
		if _, err := os.Stat(filepath.Join(shapes, "templates", name+ending)); err == nil {
			return filepath.Join(shapes, "templates", name+ending)
		}
	}
	return ""
}

func open(file string) (*template.Template, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return template.Parse(text)
}

// sources are a shape's stacks for its two Regions.
func (s shape) sources(t *testing.T) []Source {
	t.Helper()
	roles := []topology.Role{topology.Primary, topology.Standby}
	list := make([]Source, 2)
	for i, role := range roles {
		list[i] = Source{App: "app", Region: topology.Region{Name: s.Regions[i], Role: role}, Account: s.Accounts[string(role)], Open: open}
		for _, stack := range s.Stacks {
			if stack.Only != "" && stack.Only != string(role) {
				continue
			}
			parsed, err := open(shapeFile(stack.Template))
			if err != nil {
				t.Fatal(err)
			}
			in := Stack{Key: stack.Key, Name: stack.Key, File: shapeFile(stack.Template), Template: parsed, Parameters: map[string]Value{}}
			if name := stack.Names[string(role)]; name != "" {
				in.Name = name
			}
			for _, who := range []string{"both", string(role)} {
				for name, value := range stack.Parameters[who] {
					in.Parameters[name] = Value{Literal: strings.ReplaceAll(value, "${peer:out:", "${out:")} // of one stack, whoever has it
				}
			}
			list[i].Stacks = append(list[i].Stacks, in)
		}
	}
	return list
}

func (s shape) compare(t *testing.T) drift.Comparison {
	sources := s.sources(t)
	return drift.Compare(Declared(sources[0], at), Declared(sources[1], at), drift.Options{Now: at,
		Objectives: topology.Objectives{Floor: s.Objectives.Floor, Ceiling: s.Objectives.Ceiling}})
}

// Every shape of the accuracy suite is deployed to two Regions from one source
// and is silent there. So are its templates, but for what each shape's own
// parameters are meant to declare differently.
func TestTheTemplatesOfEveryShapeOfTheAccuracySuiteAreSilent(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shapes, "templates", "*.*"))
	if err != nil || len(files) < 50 {
		t.Fatalf("%d templates: %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		if strings.HasPrefix(name, "part-") {
			continue // belongs to a shape of another name
		}
		t.Run(name, func(t *testing.T) {
			s := loadShape(t, name)
			c := s.compare(t)
			if c.Coverage.Compared == 0 {
				t.Errorf("nothing was compared: %+v", c.Gaps)
			}
			for _, f := range c.Findings {
				if !s.declares(f) {
					t.Errorf("%s %s [%s %s] %v / %v: %s", f.Resource, f.Property, f.Severity, f.Cause, f.Primary, f.Standby, f.Message)
				}
			}
			for _, g := range c.Gaps {
				t.Logf("gap: %s %s %s", g.Resource, g.Property, g.Message)
			}
		})
	}
}

// The rules, too, have nothing to block in them.
func TestNoRuleBlocksTheTemplatesOfAShapeThatDeclaresNoDifference(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shapes, "templates", "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		s := loadShape(t, name)
		if strings.HasPrefix(name, "part-") || len(s.Declared) > 0 {
			continue
		}
		sources := s.sources(t)
		primary, standby := Declared(sources[0], at), Declared(sources[1], at)
		objectives := topology.Objectives{Floor: s.Objectives.Floor, Ceiling: s.Objectives.Ceiling}
		c := drift.Compare(primary, standby, drift.Options{Now: at, Objectives: objectives})
		for _, check := range readiness.Assess(readiness.Evidence{Primary: primary, Standby: standby, Comparison: &c,
			Strategy: topology.WarmStandby, Objectives: objectives, Now: at}, readiness.Policy{}).Checks {
			if check.Status == readiness.Fail && check.Severity == drift.Block {
				t.Errorf("%s: %s of %v: %s", name, check.Rule, check.Resources, check.Evidence)
			}
		}
	}
}

// declares reports whether a finding is one that the shape's deployment is
// meant to give: "Resource Property severity cause".
func (s shape) declares(f drift.Finding) bool {
	for _, line := range s.Declared {
		words := strings.Fields(line)
		if strings.TrimPrefix(f.Resource, "app/") == strings.TrimPrefix(words[0], "app/") && (words[1] == f.Property || words[1] == "-" && f.Property == "") {
			return true
		}
	}
	return false
}
