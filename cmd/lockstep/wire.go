package main

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/collect"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/topology"
)

// topology is the configuration's, with --role-to-assume where it names no role.
func (g *globals) topology(cfg *config.Config) topology.Topology {
	t := cfg.Topology
	t.Regions = slices.Clone(t.Regions)
	for i := range t.Regions {
		if t.Regions[i].RoleToAssume == "" {
			t.Regions[i].RoleToAssume = g.roleToAssume
		}
	}
	return t
}

func (g *globals) sessionOptions(cfg *config.Config) session.Options {
	return session.Options{ExternalIDs: cfg.ExternalIDs, RateShare: cfg.QuotaShare, Getenv: g.env.getenv}
}

// open opens Regions for writing; one that cannot be opened is an error, because
// a deploy that cannot reach a Region must not begin in another.
func (g *globals) open(ctx context.Context, cfg *config.Config, regions []topology.Region) ([]*session.Session, error) {
	t := g.topology(cfg)
	t.Regions = slices.DeleteFunc(t.Regions, func(r topology.Region) bool {
		return !slices.ContainsFunc(regions, func(chosen topology.Region) bool { return chosen.Name == r.Name })
	})
	sessions, err := session.Open(ctx, t, g.sessionOptions(cfg))
	if err != nil {
		return nil, setupError(err)
	}
	return sessions, nil
}

// openAll opens Regions before there is a configuration.
func (g *globals) openAll(ctx context.Context, t topology.Topology) ([]*session.Session, error) {
	sessions, err := session.Open(ctx, t, session.Options{Getenv: g.env.getenv})
	if err != nil {
		return nil, setupError(err)
	}
	return sessions, nil
}

// setupError makes a wrong setup (no credentials, wrong account) a usage error;
// a Region that does not answer stays "could not determine".
func setupError(err error) error {
	failures := session.Failures(err)
	if len(failures) > 0 && !slices.ContainsFunc(failures, func(f *session.Error) bool { return !f.Misconfigured() }) {
		return usageError{err}
	}
	return err
}

// snapshots are taken from AWS or, with a directory, read from files.
func (g *globals) snapshots(ctx context.Context, cfg *config.Config, from string) ([]*drift.Snapshot, error) {
	if from != "" {
		return readSnapshots(g.path(from), cfg)
	}
	taken, _, err := g.sealedSnapshots(ctx, cfg)
	return taken, err
}

// sealedSnapshots are taken from AWS, with what sealed the secrets in them. brings
// are resource types that a release is about to bring.
func (g *globals) sealedSnapshots(ctx context.Context, cfg *config.Config, brings ...string) ([]*drift.Snapshot, drift.Sealer, error) {
	reach := g.sessionOptions(cfg)
	var err error
	if reach.RateShare, err = g.share(cfg); err != nil {
		return nil, drift.Sealer{}, err
	}
	run, sealer, err := g.sealer(cfg.App)
	if err != nil {
		return nil, drift.Sealer{}, err
	}
	reach.Activity = &session.Activity{}
	done := g.tellWhile(reach.Activity)
	taken, err := collect.Snapshots(ctx, collect.Options{
		App: cfg.App, Topology: g.topology(cfg), Objectives: cfg.Objectives, EveryStrategy: g.everyStrategy, Takeover: cfg.Takeover, Stacks: stackSources(cfg), Inventory: g.inventory(cfg), Session: reach,
		Run: run, Sealer: sealer, Now: g.env.now, Sources: g.sourceTemplates(cfg),
		Brings: brings, Only: g.only, Cache: g.cacheDirectory(), Warn: g.remark,
	})
	done()
	if collect.Setup(err) {
		return nil, drift.Sealer{}, usageError{err}
	}
	if err != nil {
		return nil, drift.Sealer{}, setupError(err)
	}
	return taken, sealer, nil
}

// stackSources are the stacks to read: those of the release and those watched.
func stackSources(cfg *config.Config) []inventory.Source {
	var list []inventory.Source
	for _, t := range cfg.Stacks() {
		names := map[string]string{}
		for region, stack := range t.CloudFormation.Regions {
			names[region] = stack.Name
		}
		list = append(list, inventory.Source{Key: t.CloudFormation.Key, Names: names})
	}
	for _, i := range cfg.Inventory {
		if i.CloudFormation != nil {
			list = append(list, inventory.Source{Key: i.CloudFormation.Key, Names: i.CloudFormation.Names})
		}
	}
	return list
}

// inventory are the sources of resources beside stacks.
func (g *globals) inventory(cfg *config.Config) collect.Inventory {
	sources := collect.Inventory{File: func(path string) ([]byte, error) { return os.ReadFile(g.path(path)) }}
	for _, i := range cfg.Inventory {
		switch {
		case i.Terraform != nil:
			sources.Terraform = append(sources.Terraform, inventory.Terraform{
				Key: terraformSource(i.Terraform), State: i.Terraform.State,
				At: fmt.Sprintf("%s:%d:%d", cfg.File, i.Pos.Line, i.Pos.Column),
			})
		case i.Tags != nil:
			sources.Tags = append(sources.Tags, i.Tags)
		}
	}
	return sources
}

// sourceTemplates are the release's template files, so that findings can point
// into them. One that cannot be read costs a location, nothing more: the
// comparison works from what is deployed.
func (g *globals) sourceTemplates(cfg *config.Config) map[string]collect.SourceTemplate {
	sources := map[string]collect.SourceTemplate{}
	for _, t := range cfg.Stacks() {
		file := t.CloudFormation.Regions[cfg.Topology.Reference().Name].Template
		if body, err := os.ReadFile(g.path(file)); err == nil {
			sources[t.CloudFormation.Key] = collect.SourceTemplate{File: file, Body: body, Regions: g.sourceRegions(t)}
		}
	}
	return sources
}

// sourceRegions are a stack's template and parameters in every Region, as far as
// the configuration spells them out: what is an output of another stack, or an
// asset's address, is what is deployed.
func (g *globals) sourceRegions(t config.Target) map[string]collect.SourceInRegion {
	regions := map[string]collect.SourceInRegion{}
	for name, here := range t.CloudFormation.Regions {
		body, err := os.ReadFile(g.path(here.Template))
		if err != nil {
			continue
		}
		parameters := map[string]string{}
		for parameter, value := range here.Parameters {
			if value.Output == nil {
				parameters[parameter] = value.Literal
			}
		}
		regions[name] = collect.SourceInRegion{Body: body, Parameters: parameters}
	}
	return regions
}

// snapshotFile is the name of a Region's file in a snapshot directory.
func snapshotFile(dir, region string) string { return filepath.Join(dir, region+".json") }

// readSnapshots reads one file per configured Region and refuses files of
// another application, another Region or different runs.
func readSnapshots(dir string, cfg *config.Config) ([]*drift.Snapshot, error) {
	var list []*drift.Snapshot
	var problems []error
	for _, region := range cfg.Topology.Regions {
		snapshot, err := readSnapshot(snapshotFile(dir, region.Name), cfg.App, region)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		list = append(list, snapshot)
	}
	if len(problems) > 0 {
		return nil, usageError{errors.Join(problems...)}
	}
	return list, nil
}

func readSnapshot(path, app string, region topology.Region) (*drift.Snapshot, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read snapshot of %s: %w (lockstep snapshot --out writes one file per Region)", region.Name, err)
	}
	defer file.Close()
	snapshot, err := drift.ReadSnapshot(file)
	switch {
	case err != nil:
		return nil, fmt.Errorf("snapshot %s: %w", path, err)
	case snapshot.App != app:
		return nil, fmt.Errorf("snapshot %s: it is of application %q, the configuration is of %q", path, snapshot.App, app)
	case snapshot.Region.Name != region.Name:
		return nil, fmt.Errorf("snapshot %s: it is of Region %s, not %s", path, snapshot.Region.Name, region.Name)
	case region.Account != "" && snapshot.Account != region.Account:
		return nil, fmt.Errorf("snapshot %s: it is of account %s, the configuration names %s", path, cmp.Or(snapshot.Account, "nobody knows which"), region.Account)
	}
	snapshot.Region.Role = region.Role // the configuration says who is primary now
	return snapshot, nil
}

// runID is unique to this process.
func (g *globals) runID() (string, error) {
	var random [8]byte
	if _, err := io.ReadFull(g.env.random, random[:]); err != nil {
		return "", fmt.Errorf("make run id: %w", err)
	}
	return "d-" + hex.EncodeToString(random[:]), nil
}

// listRegions names the Regions with their roles.
func listRegions(t topology.Topology) string {
	names := make([]string, len(t.Regions))
	for i, r := range t.Regions {
		names[i] = fmt.Sprintf("%s (%s)", r.Name, r.Role)
	}
	return strings.Join(names, ", ")
}

// evaluatedAt is the moment a report judges: now, or for snapshots from files
// the latest of them, so that the same files give the same report for ever.
func evaluatedAt(snapshots []*drift.Snapshot, from string, now time.Time) time.Time {
	if from == "" {
		return now.UTC()
	}
	latest := time.Time{}
	for _, s := range snapshots {
		if s.TakenAt.After(latest) {
			latest = s.TakenAt
		}
	}
	return latest.UTC()
}
