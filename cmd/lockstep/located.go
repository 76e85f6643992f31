package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/locate"
	"github.com/lockstep-dr/lockstep/internal/template"
	"github.com/lockstep-dr/lockstep/report"
)

// located tells findings and checks where the working tree says what they are
// about: cfg is the configuration of the working tree. A file that cannot be
// read costs a place, nothing more.
func (g *globals) located(cfg *config.Config, r report.Report) report.Report {
	repository := g.repository(cfg)
	first := map[string]*drift.Location{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if place := repository.Finding(*f); place != nil {
			f.Location = place
		}
		if first[f.Resource] == nil {
			first[f.Resource] = f.Location
		}
	}
	for i := range r.Checks {
		c := &r.Checks[i]
		for _, f := range report.FindingsOf(r, *c) {
			if c.Location == nil {
				c.Location = f.Location
			}
		}
		for _, key := range c.Resources {
			if c.Location == nil {
				c.Location = first[key]
			}
			if c.Location == nil {
				c.Location = repository.Place(key, "", c.Region)
			}
		}
	}
	g.fromRoot(&r)
	return r
}

// fromRoot names files as seen from the root of the repository, which is where
// GitHub looks for them, when the step works in a directory below it.
func (g *globals) fromRoot(r *report.Report) {
	here, err := filepath.Abs(g.path("."))
	if err != nil || g.env.getenv("GITHUB_WORKSPACE") == "" {
		return
	}
	below, err := filepath.Rel(g.env.getenv("GITHUB_WORKSPACE"), here)
	if err != nil || below == "." || !filepath.IsLocal(below) {
		return
	}
	place := func(at *drift.Location) *drift.Location {
		if at == nil || filepath.IsAbs(at.File) {
			return at
		}
		moved := *at
		moved.File = filepath.ToSlash(filepath.Join(below, at.File))
		return &moved
	}
	for i := range r.Findings {
		r.Findings[i].Location = place(r.Findings[i].Location)
	}
	for i := range r.Checks {
		r.Checks[i].Location = place(r.Checks[i].Location)
	}
}

// repository is what the files of the working tree say.
func (g *globals) repository(cfg *config.Config) *locate.Repository {
	r := &locate.Repository{Primary: cfg.Topology.Reference().Name, Stacks: map[string]locate.Stack{}, Terraform: map[string][]locate.Block{}}
	parsed := map[string]*template.Template{}
	r.Open = func(file string) (*template.Template, error) {
		if t := parsed[file]; t != nil {
			return t, nil
		}
		text, err := os.ReadFile(g.path(file))
		if err != nil {
			return nil, err
		}
		t, err := template.Parse(text)
		if err == nil {
			parsed[file] = t
		}
		return t, err
	}
	file := g.fromHere(cfg.File)
	for _, t := range cfg.Stacks() {
		stack := locate.Stack{In: map[string]locate.InRegion{}}
		for region, here := range t.CloudFormation.Regions {
			body, err := r.Open(here.Template)
			if err != nil {
				continue
			}
			in := locate.InRegion{File: here.Template, Template: body, Parameters: map[string]locate.Parameter{}}
			for name, v := range here.Parameters {
				p := locate.Parameter{Value: v.Literal, At: drift.Location{File: file, Line: v.Pos.Line, Column: v.Pos.Column}}
				if v.Output != nil {
					p.Value = v.Output.Stack + "." + v.Output.Output
				}
				in.Parameters[name] = p
			}
			stack.In[region] = in
		}
		r.Stacks[t.CloudFormation.Key] = stack
	}
	if usesTerraform(cfg) {
		g.terraformBlocks(r.Terraform)
	}
	return r
}

// fromHere is a file as seen from the working directory, where it lies below it.
func (g *globals) fromHere(file string) string {
	if name, err := filepath.Rel(g.path("."), file); err == nil && filepath.IsLocal(name) {
		return filepath.ToSlash(name)
	}
	return file
}

func usesTerraform(cfg *config.Config) bool {
	for _, i := range cfg.Inventory {
		if i.Terraform != nil {
			return true
		}
	}
	for _, t := range cfg.Release {
		if t.Terraform != nil {
			return true
		}
	}
	return false
}

// mostTerraformFiles bounds the search for blocks in a large repository.
const mostTerraformFiles = 2000

// terraformBlocks finds the resource blocks of the working directory. What
// cannot be read has no places.
func (g *globals) terraformBlocks(found map[string][]locate.Block) {
	root, files := g.path("."), 0
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // a directory that cannot be read has no places
		case entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".tf":
			return nil
		case files >= mostTerraformFiles:
			return fs.SkipAll
		}
		files++
		if text, err := os.ReadFile(path); err == nil {
			name, err := filepath.Rel(root, path)
			if err == nil {
				locate.Blocks(filepath.ToSlash(name), string(text), found)
			}
		}
		return nil
	})
}
