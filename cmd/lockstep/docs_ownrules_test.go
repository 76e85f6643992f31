package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
)

// TestTheOwnRulesOfTheDocumentAreJudged runs every example of docs/own-rules.md
// over the sample application, and then over one in which its rule is broken.
func TestTheOwnRulesOfTheDocumentAreJudged(t *testing.T) {
	r := newRig(t)
	plain, err := os.ReadFile(filepath.Join(r.dir, "lockstep.yml"))
	r.check(err)
	before, _, _ := strings.Cut(string(plain), "\ngate:")
	examples := yamlBlocks(t, "docs/own-rules.md")
	broken := map[string]func(*drift.Snapshot){
		"OWN-01":  func(s *drift.Snapshot) { setProperty(s, "payments/Settlements", "MessageRetentionPeriod", 60.0) },
		"TEAM-02": func(s *drift.Snapshot) { setProperty(s, "payments/ApiFunction", "MemorySize", 64.0) },
		"TEAM-03": func(s *drift.Snapshot) { delete(s.Stacks[0].Tags, "team") },
		"TEAM-04": func(s *drift.Snapshot) { s.Release.ID = "r-another" },
	}
	for _, example := range examples {
		example = strings.Replace(example, "gate:", "gate:\n  rules: {DAT-12: warn}", 1) // as the sample has it
		r.check(os.WriteFile(filepath.Join(r.dir, "lockstep.yml"), []byte(before+"\n"+example), 0o644))
		if code, out := r.run("config", "check"); code != exitOK {
			t.Fatalf("config check: exit %d\n%s\n%s", code, out, example)
		}
		r.scan()
		code, judged := r.judge("gate")
		if code != exitOK {
			t.Errorf("gate: exit %d, %s\n%s", code, judged.Verdict, example)
		}
		for _, id := range idsIn(example) {
			if c := checkOf(judged, id); c.Status != readiness.Pass {
				t.Errorf("%s is %q: %s", id, c.Status, c.Evidence)
			}
			standby := r.scan()[1]
			broken[id](standby)
			r.save(standby)
			_, judged := r.judge("gate")
			if c := checkOf(judged, id); c.Status != readiness.Fail {
				t.Errorf("%s, broken, is %q: %s", id, c.Status, c.Evidence)
			}
			delete(broken, id)
		}
	}
	if len(broken) > 0 {
		t.Errorf("the document has no rule %v", broken)
	}
}

// yamlBlocks are the YAML examples of a document.
func yamlBlocks(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, part := range strings.Split(string(text), "```yaml\n")[1:] {
		block, _, _ := strings.Cut(part, "```")
		blocks = append(blocks, block)
	}
	return blocks
}

func idsIn(example string) []string {
	var ids []string
	for _, part := range strings.Split(example, "- id: ")[1:] {
		id, _, _ := strings.Cut(part, "\n")
		ids = append(ids, id)
	}
	return ids
}

func checkOf(r report.Report, id string) readiness.Check {
	for _, c := range r.Checks {
		if c.Rule == id {
			return c
		}
	}
	return readiness.Check{}
}

func setProperty(s *drift.Snapshot, key, property string, value any) {
	for i := range s.Resources {
		if s.Resources[i].Key == key {
			s.Resources[i].Properties[property] = value
		}
	}
}
