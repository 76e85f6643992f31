package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/checkout"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/github"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/lockstep-dr/lockstep/topology"
)

// basis is the configuration that a run judges by. On a pull request and in the
// merge queue it is the base commit's: what a change under review says about
// itself cannot accept its own findings. See docs/decisions.
type basis struct {
	cfg *config.Config
	// head is the configuration of the working tree.
	head *config.Config
	// reviewed says that the working tree is a change that nobody approved yet.
	reviewed bool
	// event is what the run is about; outside of a workflow, nothing.
	event github.Event
	// commit is where cfg is from; empty: from the working tree.
	commit string
	// changed says that the working tree's is another than the base commit's.
	changed bool
	// notices are for the reader of the report.
	notices []string
	// doubt is why the base's configuration is not known. Then cfg is the working
	// tree's, which nobody approved, and nothing it says can make a standby ready.
	doubt string
}

// judgedEvents are the events of changes that are not merged yet.
var judgedEvents = []string{"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment", "merge_group"}

// loadBasis reads the working tree's configuration, and the base commit's if
// there is a change under review. A problem in the working tree's is a usage
// error, also where it does not count yet: once merged, it would.
func (g *globals) loadBasis(ctx context.Context) (*basis, error) {
	head, err := g.load()
	if err != nil {
		return nil, err
	}
	b := &basis{cfg: head, head: head}
	runner := g.runner()
	if !runner.Running() || !slices.Contains(judgedEvents, g.env.getenv("GITHUB_EVENT_NAME")) {
		return b, nil
	}
	b.reviewed = true
	if b.event, err = runner.Event(); err != nil {
		b.doubt = err.Error()
		return b, nil
	}
	if b.event.BaseSHA == "" && g.env.getenv("ACT") == "true" { // which makes up its events
		b.reviewed = false
		b.notices = append(b.notices, "run by act, whose event names no base commit: judged by the configuration of the working tree.")
		return b, nil
	}
	if b.event.BaseSHA == "" {
		b.doubt = "the event does not name the base commit"
		return b, nil
	}
	g.readBase(ctx, b)
	return b, nil
}

// readBase puts the base's configuration into b, or the reason why not.
func (g *globals) readBase(ctx context.Context, b *basis) {
	event := b.event
	var notice string
	var err error
	if event.BaseSHA, notice, err = g.approvedBase(ctx, b.event); err != nil {
		b.doubt = err.Error()
		return
	}
	short := event.BaseSHA[:min(12, len(event.BaseSHA))]
	place, content, err := g.baseFile(ctx, event)
	switch {
	case errors.Is(err, errNotInBase) && b.event.Name == "pull_request_target":
		b.doubt = "the base commit " + short + " has none, and pull_request_target lends its credentials to changes of strangers"
		return
	case errors.Is(err, errNotInBase):
		if err := g.inHead(ctx, b.event); err != nil {
			b.doubt = "the base commit " + short + " has none, and " + err.Error()
			return
		}
		b.notices = append(b.notices, fmt.Sprintf("the base commit %s has no configuration of Lockstep: judged by the one of this change.", short))
		return
	case err != nil:
		b.doubt = err.Error()
		return
	}
	cfg, err := parseBase(content, place, g.env.now())
	if err != nil {
		b.doubt = fmt.Sprintf("the configuration of the base commit %s is not right: %v", short, err)
		return
	}
	b.cfg, b.commit = cfg, event.BaseSHA
	if notice != "" {
		b.notices = append(b.notices, notice)
	}
	if mine, err := os.ReadFile(b.head.File); err != nil || !bytes.Equal(mine, content) {
		b.changed = true
		b.notices = append(b.notices, fmt.Sprintf("judged by %s of the base commit %s. This change has another, which counts once it is merged.", place, short))
	}
}

// inHead is an error unless the change brings the configuration: what neither the
// base nor the head has lies in another repository, or elsewhere in this one, and
// that the base has none is not certain then.
func (g *globals) inHead(ctx context.Context, event github.Event) error {
	event.BaseSHA = event.HeadSHA
	_, _, err := g.baseFile(ctx, event)
	if errors.Is(err, errNotInBase) {
		return errors.New("neither has the head of this change at that place: is another repository checked out?")
	}
	return err
}

// parseBase reads the base's configuration.
func parseBase(content []byte, place string, now time.Time) (*config.Config, error) {
	cfg, err := config.Parse(content, place, now)
	if err != nil {
		return nil, err
	}
	return cfg, checkMeaning(cfg)
}

// errNotInBase says for certain that the base commit has no configuration.
var errNotInBase = errors.New("the base commit has no configuration")

// baseFile finds the configuration in the base commit: the file that --config
// names, or the first of the usual places.
func (g *globals) baseFile(ctx context.Context, event github.Event) (place string, content []byte, err error) {
	workspace, err := filepath.Abs(g.env.getenv("GITHUB_WORKSPACE"))
	if err != nil {
		return "", nil, fmt.Errorf("find the workspace: %w", err)
	}
	candidates := config.Places()
	if g.configFile != "" {
		candidates = []string{g.configFile}
	}
	for _, candidate := range candidates {
		if _, err = below(workspace, g.path(candidate)); err != nil {
			return "", nil, err
		}
		top, err := checkoutTop(workspace, g.path(candidate))
		if err != nil {
			return "", nil, err
		}
		if place, err = below(top, g.path(candidate)); err != nil {
			return "", nil, err
		}
		content, err = g.fileAt(ctx, top, event, place)
		if !errors.Is(err, errNotInBase) {
			return place, content, err
		}
	}
	return "", nil, errNotInBase
}

// checkoutTop is the top of the repository that a file of the workspace is in: the
// workspace, or a directory below it where the checkout was put there. A path from
// anywhere else names nothing in the base commit, and a file that is not there would
// be judged by the change's.
func checkoutTop(workspace, path string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", path, err)
	}
	for dir := filepath.Dir(absolute); dir != workspace && len(dir) > len(workspace); dir = filepath.Dir(dir) {
		info, err := os.Lstat(filepath.Join(dir, ".git"))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return "", fmt.Errorf("find the top of the checkout: %w", err)
		case info.IsDir():
			return dir, nil
		default:
			return "", fmt.Errorf("%s lies in a submodule, of which the base commit holds no files", path)
		}
	}
	return workspace, nil
}

// below is the slash-separated path of a file from the top of the workspace.
func below(top, path string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", path, err)
	}
	relative, err := filepath.Rel(top, absolute)
	if err != nil || !filepath.IsLocal(relative) {
		return "", fmt.Errorf("%s is outside of the workspace: no commit of the repository has it", path)
	}
	return filepath.ToSlash(relative), nil
}

// fileAt reads a file of the base commit: from the checkout if the commit is in
// it, and else from GitHub. errNotInBase is certain.
func (g *globals) fileAt(ctx context.Context, top string, event github.Event, place string) ([]byte, error) {
	content, err := checkout.File(ctx, top, event.BaseSHA, place)
	switch {
	case err == nil:
		return content, nil
	case errors.Is(err, checkout.ErrNoFile):
		return nil, errNotInBase
	}
	client, err := g.client()
	if err != nil {
		return nil, fmt.Errorf("commit %s is not in the checkout, and %w", event.BaseSHA, err)
	}
	content, err = client.File(ctx, event.Owner, event.Repository, event.BaseSHA, place)
	if errors.Is(err, github.ErrNoFile) {
		return nil, errNotInBase
	}
	return content, err
}

// qualify says in a report by what it was judged, and takes back a "ready" that
// nobody's rules stand behind.
func (b *basis) qualify(r report.Report) report.Report {
	if b.commit != "" {
		r.Config = b.cfg.File + " of commit " + b.commit[:min(12, len(b.commit))]
	}
	r.Notices = append(r.Notices, b.notices...)
	if b.doubt == "" {
		return r
	}
	why := strings.TrimSuffix(b.doubt, ".")
	r.Notices = append(r.Notices, "the configuration of the base commit is not known: "+why+
		". Judged by the one of this change, by which nothing can be ready. Give the job contents: read, or check out with fetch-depth: 0.")
	r.Gaps = append(r.Gaps, drift.Gap{
		Region: b.cfg.Topology.Reference().Name, Operation: "lockstep:BaseConfiguration", Reason: "Unread", Message: why,
	})
	if r.Verdict == readiness.Ready {
		r.Verdict = readiness.Unknown
	}
	return r
}

// proposed is what the change would release, judged by the rules of the base: its
// policy and objectives, and the parts its Regions play.
func (b *basis) proposed() *config.Config {
	cfg := *b.head
	cfg.Accept, cfg.Expired, cfg.Policy, cfg.Gate, cfg.FailOn = b.cfg.Accept, b.cfg.Expired, b.cfg.Policy, b.cfg.Gate, b.cfg.FailOn
	if regions, err := b.parts(); err == nil {
		cfg.Topology, cfg.Objectives, cfg.Takeover = regions, b.cfg.Objectives, b.cfg.Takeover
	}
	return &cfg
}

// parts are the Regions of the change in the parts that the base gives them, new ones
// as standbys; an error where the base knows no pair of them.
func (b *basis) parts() (topology.Topology, error) {
	role := topology.Standby
	if b.cfg.Topology.Strategy == topology.ActiveActive {
		role = topology.Active
	}
	regions, known := slices.Clone(b.head.Topology.Regions), 0
	for i, r := range regions {
		regions[i].Role = role
		if mine, ok := b.cfg.Topology.Region(r.Name); ok {
			regions[i], known = mine, known+1
		}
	}
	if lacking(b.head.Topology)(b.cfg.Topology.Reference()) || known < 2 {
		return topology.Topology{}, errors.New("the base commit knows no pair of the Regions that this change names")
	}
	return topology.New(b.head.Topology.App, b.cfg.Topology.Strategy, regions)
}

// ownParts is why what was proposed is judged with the Regions, the parts and the
// objectives of the change itself; empty: it is not.
func (b *basis) ownParts() string {
	if b.commit == "" {
		return ""
	}
	if _, err := b.parts(); err != nil {
		return err.Error()
	}
	return ""
}

// unapproved says in a report of what was proposed that nobody approved the parts
// of its Regions: nothing can be ready by them.
func (b *basis) unapproved(r report.Report) report.Report {
	why := b.ownParts()
	if why == "" {
		return r
	}
	r.Notices = append(r.Notices, why+". Judged as the change has them, which nobody approved.")
	r.Gaps = append(r.Gaps, drift.Gap{Region: b.head.Topology.Reference().Name, Operation: "lockstep:BaseConfiguration", Reason: "OtherRegions", Message: why})
	if r.Verdict == readiness.Ready {
		r.Verdict = readiness.Unknown
	}
	return r
}
