package deploy

import (
	"context"
	"fmt"
	"time"
)

// Ledger is the memory of one application in one Region. It lives in that
// Region, so losing another Region does not lose it. Every write needs the
// lock. "Not there" is a value; a denied or failed read is an error.
type Ledger interface {
	// Read returns everything recorded. It writes nothing.
	Read(ctx context.Context) (LedgerState, error)
	// Lock takes the lock until now+lease. A held lock is a *LockedError; a
	// lock whose lease ran out is taken over. Repeating it as the same owner renews.
	Lock(ctx context.Context, owner Owner, lease time.Duration) error
	// Renew extends the lease. A lock that is no longer the owner's is a *LockedError.
	Renew(ctx context.Context, owner Owner, lease time.Duration) error
	// Unlock releases the lock if the owner holds it; otherwise it does nothing.
	Unlock(ctx context.Context, owner Owner) error
	// History returns the records the Region had, newest first, that of now
	// included, as far back as they are kept.
	History(ctx context.Context) ([]Record, error)
	// SaveImage keeps the saved state of a target under a key that names
	// target and release, until it is overwritten or pruned.
	SaveImage(ctx context.Context, key string, image []byte) error
	// LoadImage returns it; a missing or damaged image is an error.
	LoadImage(ctx context.Context, key string) ([]byte, error)
	// Prune removes the images of releases that are too old to go back to.
	Prune(ctx context.Context) error
	// WriteJournal notes that a deploy is under way; ClearJournal that none is.
	WriteJournal(ctx context.Context, journal Journal) error
	ClearJournal(ctx context.Context) error
	// Record notes the release the Region runs from now on.
	Record(ctx context.Context, record Record) error
}

// Owner is a run that may hold locks.
type Owner struct {
	// ID is unique to the run.
	ID string `json:"id"`
	// RunURL leads a person to the run; optional.
	RunURL string `json:"run_url,omitempty"`
	// Who is the person behind it, as far as the environment tells; optional.
	Who string `json:"who,omitempty"`
}

// LedgerState is what a Region remembers.
type LedgerState struct {
	// Record is the release it runs; nil: none recorded.
	Record *Record `json:"record,omitempty"`
	// Journal is a deploy that has not ended; nil: none.
	Journal *Journal `json:"journal,omitempty"`
	// Lock is who holds the lock; nil: nobody.
	Lock *LockInfo `json:"lock,omitempty"`
	// Freeze forbids deploys, if it still holds; nil: none was set.
	Freeze *Freeze `json:"freeze,omitempty"`
}

// Record is a release that arrived.
type Record struct {
	ID         string    `json:"id"`
	Name       string    `json:"name,omitempty"`
	Commit     string    `json:"commit,omitempty"`
	DeployedAt time.Time `json:"deployed_at"`
	// Outcome is that of the deploy which wrote the record.
	Outcome Outcome `json:"outcome"`
	// Deployment is the id of the run that brought the release. A record with
	// this id in any Region proves that all its Regions were verified.
	Deployment string `json:"deployment"`
	By         Owner  `json:"by"`
	// Previous is the release that ran before; empty: none.
	Previous string `json:"previous,omitempty"`
	// Regions took part in the deploy, sorted; LeftOut were left out on purpose.
	Regions []string `json:"regions,omitempty"`
	LeftOut []string `json:"left_out,omitempty"`
	// Strategy is the order in which the Regions were executed.
	Strategy Strategy `json:"strategy,omitempty"`
	// IgnoredFreeze is the freeze that was ignored, and why; empty: none.
	IgnoredFreeze string `json:"ignored_freeze,omitempty"`
	// Targets are the content digests of this Region's targets, by name.
	Targets map[string]string `json:"targets,omitempty"`
}

// JournalState says how far an unfinished deploy came.
type JournalState string

// The states of a journal.
const (
	JournalExecuting   JournalState = "executing"   // targets may have been touched
	JournalDecided     JournalState = "decided"     // every Region waits for the word to keep the release, and shall
	JournalCommitted   JournalState = "committed"   // every Region was verified; only recording was left
	JournalInDoubt     JournalState = "in-doubt"    // stopped without knowing how it ended
	JournalQuarantined JournalState = "quarantined" // the way back did not work everywhere
)

// Journal is the note of a deploy under way. It is written in every Region
// before the first Region is touched and removed when all have settled.
// Whoever finds one knows that the Regions may differ.
type Journal struct {
	Deployment string       `json:"deployment"`
	Release    Release      `json:"release"`
	State      JournalState `json:"state"`
	By         Owner        `json:"by"`
	StartedAt  time.Time    `json:"started_at"`
	// Before is the release the Region had when all Regions last agreed.
	Before string `json:"before,omitempty"`
	// Images are the targets whose state of that time is saved, sorted.
	Images []string `json:"images,omitempty"`
	// Staged are the targets that wait for the decision, in their order. They are
	// noted in every Region before the decision is in any.
	Staged []string `json:"staged,omitempty"`
	// Regions take part, sorted; Targets are the content digests of the
	// release's targets here, by name.
	Regions []string          `json:"regions,omitempty"`
	Targets map[string]string `json:"targets,omitempty"`
	// Rollback: it brings back an earlier release.
	Rollback bool `json:"rollback,omitempty"`
	// Reason says why it did not end; empty while it runs.
	Reason string `json:"reason,omitempty"`
	// IgnoredFreeze is the freeze that was ignored, and why; empty: none.
	IgnoredFreeze string `json:"ignored_freeze,omitempty"`
}

// LockInfo is a held lock.
type LockInfo struct {
	Owner     Owner     `json:"owner"`
	TakenAt   time.Time `json:"taken_at"`
	RenewedAt time.Time `json:"renewed_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// clocksApart is how far the clocks of two runners may be apart.
const clocksApart = 30 * time.Second

// Patience is how long the holder may be silent before it counts as dead: a
// heartbeat, which is a third of the lease, and what clocks may differ by.
func (l LockInfo) Patience() time.Duration {
	return l.ExpiresAt.Sub(l.RenewedAt)/3 + clocksApart
}

// LockedError says that another run holds the lock.
type LockedError struct {
	Region string
	Info   LockInfo
}

// Error names the holder and when the lease ends.
func (e *LockedError) Error() string {
	holder := e.Info.Owner.ID
	if e.Info.Owner.Who != "" {
		holder += " of " + e.Info.Owner.Who
	}
	if e.Info.Owner.RunURL != "" {
		holder += " (" + e.Info.Owner.RunURL + ")"
	}
	return fmt.Sprintf("lock %s: held by %s until %s", e.Region, holder, e.Info.ExpiresAt.UTC().Format(time.RFC3339))
}
