package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// excerpted: excerpt COMMAND. What the README shows under "$ COMMAND" stands in
// stdout word for word; a line of three dots stands for what it leaves out.
func excerpted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: excerpt COMMAND")
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	ts.Check(err)
	_, after, shown := strings.Cut(string(readme), "```\n$ "+args[0]+"\n")
	block, _, closed := strings.Cut(after, "```")
	if !shown || !closed {
		ts.Fatalf("excerpt: the README shows nothing under $ %s", args[0])
	}
	rest := ts.ReadFile("stdout")
	for _, part := range strings.Split(block, "...\n") {
		_, behind, found := strings.Cut(rest, part)
		if !found {
			ts.Fatalf("excerpt: the README shows what is not printed, or in another order:\n%s", part)
		}
		rest = behind
	}
}
