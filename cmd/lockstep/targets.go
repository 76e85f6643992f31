package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/preflight"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/aws/target"
	"github.com/lockstep-dr/lockstep/internal/config"
)

// digestPattern is a digest as registries write it.
var digestPattern = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// builds are what the flags of one deploy add to the configuration.
type builds struct {
	// parameters override template parameters by name.
	parameters map[string]string
	// images are digests by the name of a function, or of a service and its container.
	images map[string]string
}

// parseBuilds reads the flags and refuses what the configuration does not have.
func (s *sources) parseBuilds(cfg *config.Config, f *deployFlags) (builds, error) {
	parameters, err := s.parseOverrides(f.parameters)
	if err != nil {
		return builds{}, err
	}
	b := builds{parameters: parameters, images: map[string]string{}}
	names := imageNames(cfg)
	for _, flag := range f.images {
		name, digest, found := strings.Cut(flag, "=")
		switch {
		case !found || !digestPattern.MatchString(digest):
			return b, usageError{fmt.Errorf("--image %q: write it as NAME=sha256:… with the 64 hexadecimal digits of the digest", flag)}
		case !slices.Contains(names, name):
			return b, usageError{fmt.Errorf("--image %s: the release takes images for: %s", name, cmp.Or(strings.Join(names, ", "), "nothing"))}
		}
		b.images[name] = digest
	}
	return b, nil
}

// imageNames are what --image may name.
func imageNames(cfg *config.Config) []string {
	var names []string
	for _, t := range cfg.Release {
		if t.Lambda != nil && t.Lambda.Zip == "" {
			names = append(names, strings.TrimPrefix(t.Lambda.Key, "lambda/"))
		}
		if t.ECS != nil {
			for _, container := range slices.Sorted(maps.Keys(t.ECS.Images)) {
				names = append(names, strings.TrimPrefix(t.ECS.Key, "ecs/")+"/"+container)
			}
		}
	}
	return names
}

// pinned is an image with the digest that a flag gave, if one did.
func pinned(image, digest string) string {
	if digest == "" {
		return image
	}
	repository, _, _ := strings.Cut(image, "@")
	return repository + "@" + digest
}

// lackingDigest is a usage error for an image that nobody gave a digest.
func lackingDigest(cfg *config.Config, at config.Position, name string) error {
	problem := cfg.Problem(at, "the image of "+name+" has no digest", "write @sha256:… after the repository, or deploy with --image "+name+"=sha256:…")
	return usageError{errors.New(problem.String())}
}

// checkImages refuses a release with an image that nobody gave a digest.
func checkImages(cfg *config.Config, b builds) error {
	lacking := func(at config.Position, name string, images map[string]string) error {
		for _, image := range images {
			if !strings.Contains(pinned(image, b.images[name]), "@") {
				return lackingDigest(cfg, at, name)
			}
		}
		return nil
	}
	for _, t := range cfg.Release {
		if t.Lambda != nil && t.Lambda.Zip == "" {
			if err := lacking(t.Lambda.Pos, strings.TrimPrefix(t.Lambda.Key, "lambda/"), t.Lambda.Image); err != nil {
				return err
			}
		}
		if t.ECS == nil {
			continue
		}
		for _, container := range slices.Sorted(maps.Keys(t.ECS.Images)) {
			if err := lacking(t.ECS.Pos, strings.TrimPrefix(t.ECS.Key, "ecs/")+"/"+container, t.ECS.Images[container]); err != nil {
				return err
			}
		}
	}
	return nil
}

// functionFor describes the code of a function in one Region.
func (s *sources) functionFor(cfg *config.Config, f *config.Function, region string, b builds) target.Function {
	spec := target.Function{App: cfg.App, Key: f.Key, Name: f.Name[region], Region: region, Alias: f.Alias,
		Provisioned: int32(f.Provisioned), Bucket: f.Bucket[region]} //nolint:gosec // the format bounds it
	if f.Zip != "" {
		zip := s.assets[f.Zip]
		spec.Zip = &zip
		return spec
	}
	spec.Image = pinned(f.Image[region], b.images[strings.TrimPrefix(f.Key, "lambda/")])
	return spec
}

// serviceFor describes the images of a service in one Region.
func serviceFor(cfg *config.Config, s *config.Service, region string, b builds) target.Service {
	spec := target.Service{App: cfg.App, Key: s.Key, Cluster: s.Cluster[region], Name: s.Name[region], Region: region, Images: map[string]string{}}
	for container, images := range s.Images {
		spec.Images[container] = pinned(images[region], b.images[strings.TrimPrefix(s.Key, "ecs/")+"/"+container])
	}
	return spec
}

// noDigest stands for the digest of an image that a saved state replaces.
var noDigest = "@sha256:" + strings.Repeat("0", 64)

// programFor describes a command in one Region.
func (g *globals) programFor(c *config.Command, region, commit string) target.Program {
	return target.Program{Key: c.Key, Region: region, Run: c.Run, DryRun: c.DryRun, Verify: c.Verify, Rollback: c.Rollback,
		Dir: g.path(cmp.Or(c.Dir, ".")), Env: c.Env[region], Commit: commit}
}

// siteFor describes static files in one Region.
func (s *sources) siteFor(site *config.Site, region string) target.Site {
	return target.Site{Key: site.Key, Region: region, Bucket: site.Bucket[region], Prefix: site.Prefix, Files: s.files[site.Dir]}
}

// workspaceFor describes a Terraform configuration in one Region. Regions that
// share a directory share the lock for initialising it.
func (g *globals) workspaceFor(w *config.Workspace, region, commit string, init *sync.Mutex) target.Workspace {
	return target.Workspace{Key: w.Key, Region: region, Dir: g.path(w.Dir[region]), Name: w.Name[region], VarFiles: w.VarFiles[region],
		Env: w.Env, Program: w.Program, Rollback: w.Rollback, Commit: commit, Init: init}
}

// contents are the digests of a target's parts in one Region.
func (s *sources) contents(g *globals, cfg *config.Config, t config.Target, region string, b builds) map[string]string {
	switch {
	case t.Lambda != nil:
		return s.functionFor(cfg, t.Lambda, region, b).Contents()
	case t.ECS != nil:
		return serviceFor(cfg, t.ECS, region, b).Contents()
	case t.S3 != nil:
		return s.siteFor(t.S3, region).Contents()
	case t.Terraform != nil:
		return g.workspaceFor(t.Terraform, region, g.commit(), nil).Contents()
	case t.Command != nil:
		return g.programFor(t.Command, region, g.commit()).Contents()
	}
	return s.stackFor(cfg, t, region, b.parameters).Contents()
}

// needing are the templates of one Region, with the parameters that are known.
func (s *sources) needing(cfg *config.Config, region string, b builds) []preflight.Source {
	var list []preflight.Source
	for _, t := range cfg.Stacks() {
		known := map[string]string{}
		for name, p := range s.stackFor(cfg, t, region, b.parameters).Parameters {
			if p.Output.Target == "" {
				known[name] = p.Literal
			}
		}
		list = append(list, preflight.Source{Key: t.CloudFormation.Key, Template: s.parsed[t.CloudFormation.Regions[region].Template], Parameters: known})
	}
	return list
}

// isNeeded reports whether a later target takes an output of this one.
func (s *sources) isNeeded(cfg *config.Config, t config.Target, region string, b builds) bool {
	for _, other := range cfg.Stacks() {
		if slices.ContainsFunc(s.imported(cfg, other, region, b), func(r deploy.Ref) bool { return r.Target == t.Key() }) {
			return true
		}
		for _, value := range other.CloudFormation.Regions[region].Parameters {
			if value.Output != nil && value.Output.Stack == t.Key() {
				return true
			}
		}
	}
	return false
}

// unit makes one target of one Region.
func (s *sources) unit(g *globals, cfg *config.Config, t config.Target, open *session.Session, req deploy.Request, f *deployFlags, b builds, options target.Options) (deploy.Target, error) {
	writing, region := session.Patient(open.Config), open.Region.Name
	release := req.Release.ID
	if f.saved {
		release = "rollback"
	}
	switch {
	case t.Lambda != nil:
		spec := s.functionFor(cfg, t.Lambda, region, b)
		if f.saved && spec.Zip == nil && !strings.Contains(spec.Image, "@") { // what is saved says which
			spec.Image += noDigest
		}
		spec.Release, spec.Deployment = release, req.Deployment
		return target.NewFunction(writing, spec, options)
	case t.ECS != nil:
		spec := serviceFor(cfg, t.ECS, region, b)
		for container, image := range spec.Images {
			if f.saved && !strings.Contains(image, "@") {
				spec.Images[container] += noDigest
			}
		}
		spec.Release, spec.Deployment, spec.Barrier = release, req.Deployment, f.barrier(cfg)
		return target.NewService(writing, spec, options)
	case t.S3 != nil:
		return target.NewSite(writing, s.siteFor(t.S3, region), options)
	case t.Terraform != nil:
		spec := g.workspaceFor(t.Terraform, region, g.commit(), &s.init)
		spec.Settings, spec.Planned = childSettings(cfg, open, req.Release), f.terraform.listener(spec.Key, region)
		return target.NewWorkspace(spec, options)
	case t.Command != nil:
		spec := g.programFor(t.Command, region, g.commit())
		spec.Settings = childSettings(cfg, open, req.Release)
		return target.NewCommand(spec, options)
	}
	spec := s.stackFor(cfg, t, region, b.parameters)
	spec.Imports = s.imported(cfg, t, region, b)
	spec.Release, spec.Deployment = release, req.Deployment
	spec.RevertDrift, spec.RecreateFailed = f.revertDrift, f.recreateFailed || t.CloudFormation.RecreateFailed
	spec.Repair, spec.ImportExisting = t.CloudFormation.Repair, t.CloudFormation.ImportExisting
	if !s.isNeeded(cfg, t, region, b) { // outputs are there when a stack has settled, not while it waits
		spec.Barrier = f.barrier(cfg)
	}
	return target.NewStack(writing, spec, options)
}
