package predict

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/template"
	"github.com/lockstep-dr/lockstep/topology"
)

// Any template that can be read is predicted without a panic, and a template
// that is the same in both Regions with the same parameters declares the same
// resources in both.
func FuzzDeclared(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(shapes, "templates", "*.*"))
	if err != nil || len(files) == 0 {
		f.Fatal("no templates", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), "primary", "standby")
	}
	f.Add("Resources: {A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: x, Parameters: {P: !GetAtt A.Outputs.B}}}}", "a", "b")
	f.Fuzz(func(t *testing.T, body, here, there string) {
		if len(body) > 1<<14 {
			return
		}
		parsed, err := template.Parse([]byte(body))
		if err != nil {
			return
		}
		snapshots := make([]*drift.Snapshot, 2)
		for i, role := range []string{here, there} {
			region := topology.Region{Name: []string{"us-east-1", "us-west-2"}[i], Role: topology.Standby}
			opened := 0
			source := Source{App: "app", Region: region, Stacks: []Stack{{Key: "app", Name: "app", File: "x", Template: parsed,
				Parameters: map[string]Value{"Role": {Literal: role}}}},
				Open: func(string) (*template.Template, error) {
					if opened++; opened > 3 {
						return nil, os.ErrNotExist
					}
					return parsed, nil
				}}
			snapshots[i] = Declared(source, at)
		}
		c := drift.Compare(snapshots[0], snapshots[1], drift.Options{Now: at}).With(append(Pinned(snapshots[0], snapshots[1]), NotOffered(snapshots[1])...), drift.Options{Now: at})
		if c.Coverage.Compared > c.Coverage.Pairs {
			t.Errorf("%d of %d pairs compared", c.Coverage.Compared, c.Coverage.Pairs)
		}
	})
}
