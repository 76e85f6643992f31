package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/target"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// sources are the files a release is made of, read once for all Regions.
type sources struct {
	templates map[string][]byte             // by path as configured
	parsed    map[string]*template.Template // by path as configured
	assets    map[string]target.Asset       // by path as configured
	files     map[string]target.Files       // by directory as configured
	policies  map[string]string             // stack policies by path as configured
	// init is held while Terraform initialises a directory.
	init sync.Mutex
}

// readTemplates reads and checks every template the configuration names. Errors
// name file, line and column; nothing was touched.
func readTemplates(g *globals, cfg *config.Config) (*sources, error) {
	s := &sources{templates: map[string][]byte{}, parsed: map[string]*template.Template{}, assets: map[string]target.Asset{}, files: map[string]target.Files{}, policies: map[string]string{}}
	var problems []error
	for _, t := range cfg.Stacks() {
		for _, region := range cfg.Topology.Names() {
			stack := t.CloudFormation.Regions[region]
			if err := s.readPolicy(g, cfg, stack); err != nil {
				problems = append(problems, err)
			}
			if _, done := s.templates[stack.Template]; done {
				continue
			}
			if err := s.readTemplate(g, cfg, stack); err != nil {
				problems = append(problems, err)
			}
		}
	}
	if len(problems) > 0 {
		return nil, usageError{errors.Join(problems...)}
	}
	return s, nil
}

func (s *sources) readTemplate(g *globals, cfg *config.Config, stack config.StackInRegion) error {
	s.templates[stack.Template] = nil
	text, err := os.ReadFile(g.path(stack.Template))
	if err != nil {
		return fmt.Errorf("%s:%d:%d: read template: %w", cfg.File, stack.TemplatePos.Line, stack.TemplatePos.Column, err)
	}
	parsed, err := template.Parse(text)
	if err == nil {
		err = parsed.Validate()
	}
	if err != nil {
		return templateError(stack.Template, err)
	}
	s.templates[stack.Template], s.parsed[stack.Template] = text, parsed
	return nil
}

// readPolicy reads the file of a stack policy, once.
func (s *sources) readPolicy(g *globals, cfg *config.Config, stack config.StackInRegion) error {
	if _, done := s.policies[stack.PolicyFile]; done || stack.PolicyFile == "" {
		return nil
	}
	text, err := os.ReadFile(g.path(stack.PolicyFile))
	s.policies[stack.PolicyFile] = string(text)
	if err != nil {
		return fmt.Errorf("%s:%d:%d: read stack policy: %w", cfg.File, stack.PolicyPos.Line, stack.PolicyPos.Column, err)
	}
	if message, suggestion := config.CheckPolicy(string(text)); message != "" {
		return fmt.Errorf("%s %s (%s)", stack.PolicyFile, message, suggestion)
	}
	return nil
}

// templateError writes template problems as file:line:column, one per line.
func templateError(file string, err error) error {
	var several template.Problems
	var one *template.Error
	switch {
	case errors.As(err, &several):
		lines := make([]error, len(several))
		for i, problem := range several {
			lines[i] = placed(file, problem)
		}
		return errors.Join(lines...)
	case errors.As(err, &one):
		return placed(file, one)
	default:
		return fmt.Errorf("%s: %w", file, err)
	}
}

func placed(file string, problem *template.Error) error {
	if problem.Line == 0 {
		return fmt.Errorf("%s: %s", file, problem.Message)
	}
	return fmt.Errorf("%s:%d:%d: %s", file, problem.Line, problem.Column, problem.Message)
}

// complete checks what a deploy can know to be wrong without AWS, and reads the
// assets. A parameter without a value is left to the plan: --parameter may give it.
func (s *sources) complete(g *globals, cfg *config.Config) error {
	if _, wrong := s.checkParameters(cfg); wrong != nil {
		return wrong
	}
	return s.readAssets(g, cfg)
}

// readAssets packs every asset the configuration names, once for all Regions.
func (s *sources) readAssets(g *globals, cfg *config.Config) error {
	for _, t := range cfg.Stacks() {
		for _, asset := range t.CloudFormation.Assets {
			loaded, err := target.LoadAsset(g.path(asset.Path), asset.BucketParameter, asset.KeyParameter)
			if err != nil {
				return usageError{fmt.Errorf("%s:%d:%d: %w", cfg.File, asset.Pos.Line, asset.Pos.Column, err)}
			}
			s.assets[asset.Path] = loaded
		}
	}
	for _, t := range cfg.Release {
		if t.S3 != nil {
			loaded, err := target.LoadFiles(g.path(t.S3.Dir))
			if err != nil {
				return usageError{fmt.Errorf("%s:%d:%d: %w", cfg.File, t.S3.Pos.Line, t.S3.Pos.Column, err)}
			}
			s.files[t.S3.Dir] = loaded
		}
		if t.Lambda == nil || t.Lambda.Zip == "" {
			continue
		}
		loaded, err := target.LoadAsset(g.path(t.Lambda.Zip), "", "")
		if err != nil {
			return usageError{fmt.Errorf("%s:%d:%d: %w", cfg.File, t.Lambda.Pos.Line, t.Lambda.Pos.Column, err)}
		}
		s.assets[t.Lambda.Zip] = loaded
	}
	return nil
}

// stackFor describes one target in one Region.
func (s *sources) stackFor(cfg *config.Config, t config.Target, region string, overrides map[string]string) target.Stack {
	stack := t.CloudFormation
	here := stack.Regions[region]
	spec := target.Stack{
		App:          cfg.App,
		Key:          stack.Key,
		Name:         here.Name,
		Region:       region,
		Template:     s.templates[here.Template],
		TemplateFile: here.Template,
		Parameters:   map[string]target.Parameter{},
		Tags:         here.Tags,
		Capabilities: here.Capabilities,
		ServiceRole:  here.ServiceRole,
		Bucket:       here.Bucket,

		Policy:           cmp.Or(here.Policy, s.policies[here.PolicyFile]),
		NotificationARNs: here.NotificationARNs, RollbackAlarms: here.RollbackAlarms, RollbackMonitor: here.RollbackMonitor,
	}
	for name, value := range here.Parameters {
		spec.Parameters[name] = parameter(value)
	}
	for name, value := range overrides {
		if _, declared := s.parsed[here.Template].Parameters[name]; declared {
			spec.Parameters[name] = target.Parameter{Literal: value}
		}
	}
	for name, p := range spec.Parameters {
		p.Secret = s.parsed[here.Template].Parameters[name].NoEcho
		spec.Parameters[name] = p
	}
	for _, asset := range stack.Assets {
		spec.Assets = append(spec.Assets, s.assets[asset.Path])
	}
	return spec
}

func parameter(v config.Value) target.Parameter {
	if v.Output != nil {
		return target.Parameter{Output: deploy.Ref{Target: v.Output.Stack, Output: v.Output.Output}}
	}
	return target.Parameter{Literal: v.Literal}
}

// parseOverrides reads --parameter flags and refuses names that no template declares.
func (s *sources) parseOverrides(flags []string) (map[string]string, error) {
	overrides := map[string]string{}
	for _, flag := range flags {
		name, value, found := strings.Cut(flag, "=")
		if !found || name == "" {
			return nil, usageError{fmt.Errorf("--parameter %q: write it as Name=Value", flag)}
		}
		if !s.declares(name) {
			return nil, usageError{fmt.Errorf("--parameter %s: no template of the release declares it", name)}
		}
		overrides[name] = value
	}
	return overrides, nil
}

func (s *sources) declares(parameter string) bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(s.parsed)), func(t *template.Template) bool {
		_, ok := t.Parameters[parameter]
		return ok
	})
}

// identify gives the release its identity: the digests of everything in it, in
// every Region, so that one id means the same everywhere.
func (s *sources) identify(g *globals, cfg *config.Config, b builds, r deploy.Release) (deploy.Release, error) {
	r.Contents = map[string]string{}
	for _, t := range cfg.Release {
		for _, region := range cfg.Topology.Names() {
			for part, digest := range s.contents(g, cfg, t, region, b) {
				if strings.HasSuffix(part, "/template") { // templates may differ per Region
					part += "/" + region
				}
				r.Contents[part] = digest
			}
		}
	}
	return r.Identify()
}
