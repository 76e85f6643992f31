package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// wholly is the package below internal/aws that scripts/for-real.sh runs whole.
const wholly = "internal/aws/contract"

// TestEveryTestThatNeedsAToolIsRunForReal finds the tests that are skipped where
// moto or terraform is missing, and holds them against what the script runs: one
// that it leaves out would never be run anywhere.
func TestEveryTestThatNeedsAToolIsRunForReal(t *testing.T) {
	script, err := os.ReadFile("../../scripts/for-real.sh")
	if err != nil {
		t.Fatal(err)
	}
	filter := regexp.MustCompile(`-run '([^']+)' (.+)`).FindSubmatch(script)
	if filter == nil {
		t.Fatal("scripts/for-real.sh does not say which tests it runs")
	}
	named, packages := regexp.MustCompile(string(filter[1])), strings.Fields(string(filter[2]))
	found := 0
	for _, dir := range testDirectories(t) {
		if dir == wholly {
			continue
		}
		for _, name := range testsThatNeedATool(t, filepath.Join("../..", dir)) {
			found++
			if !named.MatchString(name) || !slices.Contains(packages, "./"+dir) {
				t.Errorf("%s of %s needs a tool, and scripts/for-real.sh does not run it", name, dir)
			}
		}
	}
	if found < 8 {
		t.Errorf("found %d tests that need a tool; the search is broken", found)
	}
}

// testDirectories are the directories below internal/aws, where the tests against
// other simulators are.
func testDirectories(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../internal/aws/*/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var dirs []string
	for _, file := range files {
		dirs = append(dirs, strings.TrimPrefix(filepath.ToSlash(filepath.Dir(file)), "../../"))
	}
	return slices.Compact(dirs)
}

// testsThatNeedATool are the tests of a directory that reach a function which
// starts moto or looks whether tools are required.
func testsThatNeedATool(t *testing.T, dir string) []string {
	t.Helper()
	uses := map[string][]string{} // what each function names
	needs := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				uses[f.Name.Name] = append(uses[f.Name.Name], namesIn(f.Body)...)
			}
		}
	}
	for name, list := range uses {
		needs[name] = slices.Contains(list, "mototest.Start") || slices.Contains(list, "mototest.Serve") || slices.Contains(list, `"LOCKSTEP_REQUIRE_TOOLS"`)
	}
	for changed := true; changed; {
		changed = false
		for name, list := range uses {
			if !needs[name] && slices.ContainsFunc(list, func(other string) bool { return needs[other] }) {
				needs[name], changed = true, true
			}
		}
	}
	var tests []string
	for name := range uses {
		if needs[name] && strings.HasPrefix(name, "Test") {
			tests = append(tests, name)
		}
	}
	slices.Sort(tests)
	return tests
}

// namesIn are the identifiers, the names of packages' functions and the texts in a body.
func namesIn(body *ast.BlockStmt) []string {
	var list []string
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				list = append(list, x.Name+"."+n.Sel.Name)
			}
		case *ast.Ident:
			list = append(list, n.Name)
		case *ast.BasicLit:
			list = append(list, n.Value)
		}
		return true
	})
	return list
}
