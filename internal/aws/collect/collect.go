package collect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/topology"
)

// Options say what to take snapshots of.
type Options struct {
	App      string
	Topology topology.Topology
	Stacks   []inventory.Source
	// Inventory are the sources of resources beside stacks.
	Inventory Inventory
	// Objectives decide which evidence is asked for beyond what every run needs.
	Objectives topology.Objectives
	// EveryStrategy asks for the evidence of all strategies, whichever is declared.
	EveryStrategy bool
	// Takeover is what the team prepared besides resources, which is read too.
	Takeover topology.Takeover
	// Brings are resource types that a release is about to bring: their quotas are
	// read although nothing of them is there.
	Brings []string
	// Only is the one Region to reach; empty: all. The others' snapshots then say
	// nothing but that they were not read.
	Only string
	// Session says how Regions are reached; Snapshots alone uses it.
	Session session.Options
	// Run identifies this run, and Sealer replaces secrets for it.
	Run    string
	Sealer drift.Sealer
	// Now is asked once per Region, when its reading starts.
	Now func() time.Time
	// SecretValues asks for keyed digests of the current values of secrets.
	SecretValues bool
	// Cache is a directory that remembers what never changes from one run to the
	// next; empty: every run asks. Warn hears what is wrong with it, one thing at
	// a time; may be nil. A cache never fails a snapshot.
	Cache string
	Warn  func(string)
	// Sources are the template files of the repository by stack key, so that
	// resources know where they are declared.
	Sources map[string]SourceTemplate

	// Probe replaces the asking of endpoints; nil: over the network.
	Probe Probe

	shared *read.Shared // what the Regions read once between them
}

// SourceTemplate is a template file of the repository.
type SourceTemplate struct {
	File string
	Body []byte
	// Regions say what the repository would deploy, by Region code: from this the
	// cause of a difference can be that it is not deployed yet.
	Regions map[string]SourceInRegion
}

// SourceInRegion is a template of the repository with the parameters that the
// configuration gives it in one Region, as far as it spells them out.
type SourceInRegion struct {
	Body       []byte
	Parameters map[string]string
}

// Actions lists the IAM actions that Snapshots needs in every Region for an
// application with resources of the given types from the given sources, and with
// what was declared of it, sorted.
func Actions(types []string, sources Inventory, declared evidence.Declared) []string {
	if sources.Unlisted() {
		types = slices.Concat(types, read.Types(), []string{"of another service"})
	}
	all := slices.Concat(inventory.Actions(), sources.actions(), read.Actions(types), evidence.Actions(types, declared), []string{"sts:GetCallerIdentity"})
	slices.Sort(all)
	return slices.Compact(all)
}

// RecoveryActions lists the IAM actions for the recovery points of resources of
// the given types, where the strategy recovers from them, sorted.
func RecoveryActions(declared evidence.Declared, types []string, sources Inventory) []string {
	if sources.Unlisted() {
		types = slices.Concat(types, read.Types())
	}
	return evidence.RecoveryActions(declared, types)
}

// TakeoverActions lists the IAM actions for what a team prepared besides resources.
func TakeoverActions(t topology.Takeover) []string { return evidence.TakeoverActions(t) }

// Snapshots opens every Region and reads them all at once. Slot i is Region i
// of the topology. What a Region refuses or fails to answer is a gap in its
// snapshot; the error is a wrong setup (see session.Error.Misconfigured) or a
// context that ended, and then there is no snapshot at all.
func Snapshots(ctx context.Context, o Options) ([]*drift.Snapshot, error) {
	wanted := o.Topology
	wanted.Regions = slices.DeleteFunc(slices.Clone(wanted.Regions), func(r topology.Region) bool { return !o.wants(r.Name) })
	o.Session.Regions = len(o.Topology.Regions) // another job may read the others just now
	sessions, err := session.Open(ctx, wanted, o.Session)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	unreachable := map[string]*session.Error{}
	var setup []error
	for _, failure := range session.Failures(err) {
		unreachable[failure.Region] = failure
		if failure.Misconfigured() {
			setup = append(setup, failure)
		}
	}
	if len(setup) > 0 {
		return nil, errors.Join(setup...)
	}
	return take(ctx, o, func(i int) (session.ReadOnly, *session.Error) {
		region := o.Topology.Regions[i].Name
		if !o.wants(region) {
			return session.ReadOnly{}, &session.Error{Region: region, Problem: session.Problem{Reason: "NotRead", Message: "this run reads " + o.Only + " alone"}}
		}
		if s := sessions[slices.Index(wanted.Names(), region)]; s != nil {
			return s.ReadOnly, nil
		}
		return session.ReadOnly{}, unreachable[region]
	})
}

// wants reports whether a Region is to be read.
func (o Options) wants(region string) bool { return o.Only == "" || region == o.Only }

// FromSessions is Snapshots over Regions that are open already, in the order of
// the topology.
func FromSessions(ctx context.Context, sessions []*session.Session, o Options) ([]*drift.Snapshot, error) {
	if len(sessions) != len(o.Topology.Regions) || slices.Contains(sessions, nil) {
		return nil, fmt.Errorf("take snapshots: %d sessions for %d Regions", len(sessions), len(o.Topology.Regions))
	}
	return take(ctx, o, func(i int) (session.ReadOnly, *session.Error) { return sessions[i].ReadOnly, nil })
}

func take(ctx context.Context, o Options, open func(i int) (session.ReadOnly, *session.Error)) ([]*drift.Snapshot, error) {
	o.shared = &read.Shared{}
	states, err := o.states(ctx, open)
	if err != nil {
		return nil, err
	}
	o.Warn = oneAtATime(o.Warn)
	answers := o.probes(ctx)
	snapshots := make([]*drift.Snapshot, len(o.Topology.Regions))
	failures := make([]error, len(snapshots))
	var group sync.WaitGroup
	for i, region := range o.Topology.Regions {
		group.Go(func() {
			readOnly, unreachable := open(i)
			if unreachable != nil {
				snapshots[i] = o.unreachable(region, unreachable)
				return
			}
			snapshots[i], failures[i] = o.region(ctx, region, readOnly, states[region.Name])
		})
	}
	group.Wait()
	if err := errors.Join(failures...); err != nil {
		answers()
		return nil, err
	}
	sameQuotas(ctx, snapshots, open, o.Brings)
	o.across(ctx, snapshots, open)
	recordProbes(snapshots, answers())
	return snapshots, ctx.Err()
}

func (o Options) empty(region topology.Region) *drift.Snapshot {
	return &drift.Snapshot{
		Schema: drift.SnapshotSchema, App: o.App, Region: region, Account: region.Account, TakenAt: o.Now().UTC(), Run: o.Run,
		Stacks: []drift.Stack{}, Resources: []drift.Resource{}, Facts: []drift.Fact{}, Gaps: []drift.Gap{},
	}
}

// unreachable is the snapshot of a Region of which nothing is known.
func (o Options) unreachable(region topology.Region, failure *session.Error) *drift.Snapshot {
	s := o.empty(region)
	s.Gaps = append(s.Gaps, drift.Gap{
		Region: region.Name, Operation: cmp.Or(failure.Problem.Permission, "sts:GetCallerIdentity"),
		Reason: failure.Problem.Reason, Message: read.WithoutCredentials(failure.Problem.Message + ": " + failure.Hint),
	})
	return s
}

// region reads one Region: what its sources list, the resources as soon as they
// are listed, and the evidence.
func (o Options) region(ctx context.Context, region topology.Region, readOnly session.ReadOnly, states inventory.More) (*drift.Snapshot, error) {
	s := o.empty(region)
	s.Account = readOnly.Account()
	s.Facts = append(s.Facts, drift.Fact{Kind: drift.FactCallerIdentity, Value: map[string]any{"Endpoint": readOnly.Identity()}})
	known := o.known(readOnly)
	reading := read.Start(ctx, read.NewClients(readOnly), read.Request{
		Region: region.Name, Account: s.Account, Sealer: o.Sealer, SecretValues: o.SecretValues, Known: known, Shared: o.shared,
	})
	listing, err := o.list(ctx, readOnly, states, reading.Add)
	if err != nil {
		_, _ = reading.Result() // the context ended, and so does the reading
		return nil, fmt.Errorf("read %s: %w", region.Name, err)
	}
	var (
		resources            read.Result
		proof                evidence.Found
		noResources, noProof error
		group                sync.WaitGroup
	)
	group.Go(func() { resources, noResources = reading.Result() })
	group.Go(func() { proof, noProof = evidence.Gather(ctx, readOnly, o.App, listing.Items, known) })
	group.Wait()
	if err := cmp.Or(noResources, noProof); err != nil {
		return nil, fmt.Errorf("read %s: %w", region.Name, err)
	}
	changed, err := inventory.Changed(ctx, readOnly, listing.Stacks)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", region.Name, err)
	}
	s.Release = proof.Release
	s.Stacks = append(s.Stacks, listing.Stacks...)
	s.Resources = append(s.Resources, resources.Resources...)
	s.Facts = append(append(append(s.Facts, listing.Facts...), resources.Facts...), proof.Facts...)
	s.Gaps = slices.Concat(s.Gaps, listing.Gaps, resources.Gaps, changed, ofWhatExists(proof.Gaps, resources.Facts))
	o.locate(s)
	o.foresee(s)
	o.finish(s)
	o.warn(known.Save())
	return s, nil
}

// ofWhatExists leaves out that evidence is missing of what is itself gone: that
// is said already.
func ofWhatExists(gaps []drift.Gap, facts []drift.Fact) []drift.Gap {
	gone := map[string]bool{}
	for _, f := range facts {
		if f.Kind == drift.FactGone {
			gone[f.Subject] = true
		}
	}
	return slices.DeleteFunc(gaps, func(g drift.Gap) bool { return g.Fact != "" && gone[g.Resource] })
}

// finish hides what must not leave and sorts.
func (o Options) finish(s *drift.Snapshot) {
	for i := range s.Stacks {
		maskStack(&s.Stacks[i])
	}
	hider := read.Seal(o.Sealer, s.Region.Name, s.Account)
	for i := range s.Facts {
		s.Facts[i].Value = hider.Tree(s.Facts[i].Value)
	}
	for i := range s.Gaps {
		s.Gaps[i].Message = read.WithoutCredentials(s.Gaps[i].Message)
	}
	inOrder(s)
}

func inOrder(s *drift.Snapshot) {
	slices.SortFunc(s.Facts, func(a, b drift.Fact) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Subject, b.Subject))
	})
	slices.SortFunc(s.Gaps, read.CompareGaps)
}
