// Package arch holds the rules about who may know what, as a test.
package arch

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/lockstep-dr/lockstep"

// allowed lists, for every package of the module (or the tree below it, when
// the key ends in "/..."), which other packages of the module it may import.
// The longest matching key decides. What is not listed here may not exist.
var allowed = map[string][]string{
	"topology":  {},
	"drift":     {"topology", "drift/..."},
	"drift/...": {"topology", "drift/..."},
	"readiness": {"topology", "drift"},
	"deploy":    {"topology"},
	"report":    {"topology", "drift", "readiness", "deploy"},

	"internal/template":    {"topology"},
	"internal/regionname":  {},
	"internal/locate":      {"drift", "internal/template"},
	"internal/predict":     {"topology", "drift", "drift/...", "internal/template", "internal/terraform"},
	"internal/terraform":   {"topology", "internal/regionname"},
	"internal/config":      {"topology", "drift", "readiness", "deploy"},
	"internal/github":      {"topology", "drift", "readiness", "deploy", "report"},
	"internal/github/...":  {"topology", "drift", "readiness", "deploy", "report", "internal/github"},
	"internal/aws/...":     {"topology", "drift", "drift/...", "deploy", "internal/template", "internal/regionname", "internal/terraform", "internal/command", "internal/probe", "internal/aws/..."},
	"internal/awssim":      {"topology", "internal/template", "internal/awssim/..."},
	"internal/awssim/...":  {"topology", "internal/template", "internal/awssim/..."},
	"internal/checkout":    {},
	"internal/command":     {},
	"internal/release":     {},
	"internal/release/...": {"internal/release"},
	"internal/ownrules":    {"topology", "drift", "readiness"},
	"internal/hook":        {"deploy", "internal/command"},
	"internal/probe":       {"topology"},
	"internal/progress":    {"deploy"},
	"internal/mototest":    {}, // tests only
	"internal/chromium":    {}, // tests only
	"internal/arch":        {},
	"internal/e2e":         {}, // tests only: they run the built product
	"examples":             {},
	"cmd/lockstep":         {"..."},
}

// onlyImporters lists third-party modules that one part of the tree alone may know.
var onlyImporters = map[string][]string{
	"github.com/aws/aws-sdk-go-v2":          {"internal/aws/..."},
	"github.com/aws/smithy-go":              {"internal/aws/..."},
	"github.com/sethvargo/go-githubactions": {"internal/github", "internal/github/..."},
	"github.com/google/go-github":           {"internal/github", "internal/github/..."},
	"github.com/spf13/cobra":                {"cmd/lockstep"},
	"cel.dev/cel-go":                        {"internal/ownrules"},
	"github.com/goccy/go-yaml":              {"internal/config", "internal/template", "internal/awssim", "internal/awssim/..."},
	"github.com/santhosh-tekuri/jsonschema": {}, // tests only
	"github.com/rogpeppe/go-internal":       {}, // tests only
	module + "/internal/mototest":           {}, // tests only
	module + "/internal/chromium":           {}, // tests only
	module + "/internal/awssim":             {"internal/awssim", "internal/awssim/...", "cmd/lockstep"},
}

// simulatorFiles are the only production files that may import the embedded AWS.
var simulatorFiles = []string{"demo", "sim"}

type pkg struct {
	ImportPath, Dir string
	Imports         []string
	GoFiles         []string
}

func TestLayering(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		rule, ok := longestMatch(name)
		if !ok {
			t.Errorf("package %s is not in the layering table", name)
			continue
		}
		for _, imported := range p.Imports {
			if own, isOwn := strings.CutPrefix(imported, module+"/"); isOwn && !matchesAny(own, allowed[rule]) {
				t.Errorf("%s imports %s: its layer may import %v only", name, own, allowed[rule])
			}
			for prefix, importers := range onlyImporters {
				if within(imported, prefix) && !matchesAny(name, importers) {
					t.Errorf("%s imports %s: only %v may", name, imported, importers)
				}
			}
		}
	}
}

// TestTableHasNoDeadRows keeps the table honest: a row that no package uses is a lie about the tree.
func TestTableHasNoDeadRows(t *testing.T) {
	used := map[string]bool{}
	for _, p := range packages(t) {
		rule, _ := longestMatch(strings.TrimPrefix(p.ImportPath, module+"/"))
		used[rule] = true
	}
	for rule := range allowed {
		if !used[rule] {
			t.Errorf("layering row %q matches no package", rule)
		}
	}
}

// TestOnlyTheDemoKnowsTheSimulator allows the embedded AWS in two commands and nowhere else in production.
func TestOnlyTheDemoKnowsTheSimulator(t *testing.T) {
	for _, p := range packages(t) {
		if p.ImportPath != module+"/cmd/lockstep" {
			continue
		}
		for _, file := range p.GoFiles {
			base := strings.TrimSuffix(file, ".go")
			mayKnow := slices.ContainsFunc(simulatorFiles, func(s string) bool { return strings.HasPrefix(base, s) })
			if importsSimulator(t, path.Join(p.Dir, file)) && !mayKnow {
				t.Errorf("cmd/lockstep/%s imports the embedded AWS: only the demo and sim commands may", file)
			}
		}
	}
}

func importsSimulator(t *testing.T, file string) bool {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatalf("parse %s: %v", file, err)
	}
	return slices.ContainsFunc(parsed.Imports, func(spec *ast.ImportSpec) bool {
		return within(strings.Trim(spec.Path.Value, `"`), module+"/internal/awssim")
	})
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles", module+"/...").Output()
	if err != nil {
		t.Fatalf("list packages: %v", err)
	}
	var list []pkg
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		err := decoder.Decode(&p)
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatalf("read package list: %v", err)
		}
		list = append(list, p)
	}
}

func longestMatch(name string) (string, bool) {
	best, found := "", false
	for key := range allowed {
		if matches(name, key) && (!found || len(key) > len(best)) {
			best, found = key, true
		}
	}
	return best, found
}

func matchesAny(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(name, p) })
}

func matches(name, pattern string) bool {
	if pattern == "..." {
		return true
	}
	if tree, ok := strings.CutSuffix(pattern, "/..."); ok {
		return strings.HasPrefix(name, tree+"/")
	}
	return name == pattern
}

func within(imported, prefix string) bool {
	return imported == prefix || strings.HasPrefix(imported, prefix+"/")
}
