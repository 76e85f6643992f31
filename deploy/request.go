package deploy

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Request is everything one deploy needs to know.
type Request struct {
	App     string
	Release Release
	// Deployment identifies this attempt; unique per run.
	Deployment string
	Owner      Owner
	// Regions take part, each with the same targets in the same order.
	Regions []Region
	// LeftOut are Regions of the application that take no part on purpose.
	LeftOut []string
	// DryRun prepares, compares and discards; it takes no lock and executes nothing.
	DryRun bool
	// Strategy is the order in which Regions are executed; empty: Parallel.
	// Waves are those of InWaves: every Region in one of them.
	Strategy Strategy
	Waves    [][]string
	// Bake is how long the alarms are watched after each wave.
	Bake time.Duration
	// Freeze and Windows say when the team allows no deploys; those of the
	// ledgers count too. IgnoreFreeze is why this one goes on all the same.
	Freeze       *Freeze
	Windows      []Window
	IgnoreFreeze string
	// AllowOlder deploys a release that is older than what runs; otherwise it
	// is rejected. Commits helps to tell; nil: the ledger alone does.
	AllowOlder bool
	Commits    Commits
	// Refuse are the sorts of changes that reject the deploy.
	Refuse []Refusal
	// Policy judges the compared plans before anything is touched; an error
	// rejects the deploy with its text. nil: everything is allowed.
	Policy func(Comparison) error
	// Judge is asked once, after the policy and before anything is touched; nil:
	// nobody is. Plans that are made again during execution it does not see.
	Judge Judge
	// OnCancel says what happens to running operations when the context is
	// cancelled; the default is AbortOnCancel.
	OnCancel CancelPolicy
	// Deadline bounds everything up to the way back; RollbackTimeout bounds
	// that. What was decided at a barrier may take the longer of RollbackTimeout
	// and what is left of Deadline to settle. Zero: two hours and one hour.
	Deadline, RollbackTimeout time.Duration
	// Lease is how long a lock outlives its holder's last sign of life. Zero: five minutes.
	Lease time.Duration
	// Progress hears of events as they happen; nil: nobody.
	Progress Progress
	// Clock tells the time; nil: the wall clock.
	Clock Clock
	// back is the recorded release to go back to; nil: Release is deployed.
	back *destination
	// recovering: nothing is deployed, what did not end is taken back.
	recovering bool
}

// Region is one Region of a request.
type Region struct {
	Name, Role string
	// Targets are executed in this order and taken back in reverse.
	Targets []Target
	Ledger  Ledger
	// Preconditions hold before anything is touched in any Region.
	Preconditions []Check
	// Doubtful are resource types of the release that the Region is said not to offer,
	// with who says so. That may have changed since, so that it is told and stops nothing.
	Doubtful map[string]string
	// Hooks are asked after the Region was executed; one that fails takes
	// everything back.
	Hooks []Check
	// Alarms are quiet before anything is touched and during a bake.
	Alarms []Check
}

// CancelPolicy is what becomes of running operations on cancellation.
type CancelPolicy string

// The policies.
const (
	// AbortOnCancel asks AWS to take running operations back, then leaves.
	AbortOnCancel CancelPolicy = "abort"
	// DetachOnCancel leaves running operations alone.
	DetachOnCancel CancelPolicy = "detach"
)

// Clock tells the time.
type Clock interface{ Now() time.Time }

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now().UTC() }

const (
	defaultDeadline = 2 * time.Hour
	defaultRollback = time.Hour
	defaultLease    = 5 * time.Minute
	// tidy bounds one step of cleaning up; farewell all of them after an
	// interruption, and goodbye the release of the locks then.
	tidy     = 10 * time.Second
	farewell = 3500 * time.Millisecond
	goodbye  = 1500 * time.Millisecond
)

func (q Request) withDefaults() (Request, error) {
	if q.Deadline <= 0 {
		q.Deadline = defaultDeadline
	}
	if q.RollbackTimeout <= 0 {
		q.RollbackTimeout = defaultRollback
	}
	if q.Lease <= 0 {
		q.Lease = defaultLease
	}
	if q.Clock == nil {
		q.Clock = wallClock{}
	}
	if q.OnCancel == "" {
		q.OnCancel = AbortOnCancel
	}
	if q.Strategy == "" {
		q.Strategy = Parallel
	}
	return q, q.validate()
}

func (q Request) validate() error {
	if q.Release.ID == "" {
		return errors.New("deploy release: it has no id")
	}
	if len(q.Regions) == 0 {
		return errors.New("deploy release: no Region takes part")
	}
	if q.OnCancel != AbortOnCancel && q.OnCancel != DetachOnCancel {
		return fmt.Errorf("deploy release: on cancellation it can %s or %s, not %q", AbortOnCancel, DetachOnCancel, q.OnCancel)
	}
	if !q.DryRun && (q.Deployment == "" || q.Owner.ID == "") {
		return errors.New("deploy release: the deployment and its owner need an id")
	}
	if _, err := q.waves(); err != nil {
		return err
	}
	for _, region := range q.Regions {
		if region.Ledger == nil {
			return fmt.Errorf("deploy to %s: it has no ledger", region.Name)
		}
		if names, want := targetNames(region), targetNames(q.Regions[0]); !slices.Equal(names, want) {
			return fmt.Errorf("deploy to %s: its targets are %v, those of %s are %v", region.Name, names, q.Regions[0].Name, want)
		}
		if err := checkNeeds(region); err != nil {
			return err
		}
	}
	return nil
}

func targetNames(region Region) []string {
	names := make([]string, len(region.Targets))
	for i, target := range region.Targets {
		names[i] = target.About().Name
	}
	return names
}

// checkNeeds refuses a target that takes an output of a target that does not
// come before it.
func checkNeeds(region Region) error {
	before := map[string]bool{}
	for _, target := range region.Targets {
		about := target.About()
		if before[about.Name] {
			return fmt.Errorf("deploy to %s: target %s is listed twice", region.Name, about.Name)
		}
		for _, need := range about.Needs {
			if !before[need.Target] {
				return fmt.Errorf("deploy to %s: target %s takes output %s of a target that does not come before it", region.Name, about.Name, need)
			}
		}
		before[about.Name] = true
	}
	return nil
}
