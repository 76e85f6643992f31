package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// troubleHeading is a message of the program as docs/troubleshooting.md quotes
// it, with … for what changes.
var troubleHeading = regexp.MustCompile("(?m)^### `(.+)`$")

// TestTheMessagesInTroubleshootingAreTheProgramsOwn: every quoted message is in
// one literal of the source, its parts in this order.
func TestTheMessagesInTroubleshootingAreTheProgramsOwn(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "troubleshooting.md"))
	if err != nil {
		t.Fatal(err)
	}
	headings := troubleHeading.FindAllStringSubmatch(string(text), -1)
	if len(headings) < 15 {
		t.Fatalf("%d messages: the test looks at the wrong place", len(headings))
	}
	literals := sourceLiterals(t)
	for _, heading := range headings {
		parts := strings.Split(heading[1], "…")
		if !slices.ContainsFunc(literals, func(literal string) bool { return inOrder(literal, parts) }) {
			t.Errorf("docs/troubleshooting.md quotes %q, which the program does not say", heading[1])
		}
	}
	if slices.ContainsFunc(literals, func(literal string) bool { return inOrder(literal, []string{"a message", "nobody wrote"}) }) {
		t.Error("a message that nobody wrote was found")
	}
}

// inOrder reports whether the text holds every part behind the one before.
func inOrder(text string, parts []string) bool {
	for _, part := range parts {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return true
}

// sourceLiterals are the string literals of the program, but for its tests. What
// is joined by + is one.
func sourceLiterals(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, top := range []string{"cmd", "internal", "readiness", "drift", "deploy", "report"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				expression, ok := n.(ast.Expr)
				if !ok {
					return true
				}
				text := literalText(expression)
				if text != "" {
					found = append(found, text)
				}
				return text == ""
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// literalText joins the literals of a sum; what is no literal is left out.
func literalText(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return text
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return literalText(e.X) + literalText(e.Y)
		}
	}
	return ""
}
