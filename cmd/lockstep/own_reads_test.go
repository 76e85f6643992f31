package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

func TestEveryKindOfFactMayBeRead(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), root+"/drift/facts.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	known, facts := knownReads(), 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Fact") {
			return true
		}
		fact, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		if facts++; !known[fact] {
			t.Errorf("%s is not known", fact)
		}
		return true
	})
	if facts < 50 {
		t.Errorf("only %d kinds of facts were found", facts)
	}
}
