package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// fakeTarget is a stack that shall hold the release's id.
type fakeTarget struct {
	w            *world
	region, name string
	want         string
	needs        []Ref
	takes        time.Duration
	// settles is how long it takes after the word.
	settles time.Duration
	// barrier is the deployment that holds executions until all are ready; empty: none does.
	barrier string
	// repaired is from what it was repaired before its plan; empty: it was not.
	repaired string
}

func (t *fakeTarget) About() About {
	return About{Name: t.name, Kind: "fake", Needs: t.needs, Digest: "sha256:" + t.want}
}

func (t *fakeTarget) stack() *fakeStack { return t.w.places[t.region].stacks[t.name] }

func (t *fakeTarget) call(ctx context.Context, name string, effect func() error) (fault, error) {
	return t.w.call(ctx, t.region, t.name, name, effect)
}

// idle waits until nothing is pending.
func (t *fakeTarget) idle(ctx context.Context) error {
	for {
		busy := false
		_, err := t.call(ctx, "describe", func() error {
			op := t.stack().pending
			if busy = op != nil; op.waits() { // for a word that nobody will give any more
				op.aborted, op.ends = true, time.Now().Add(t.takes/2)
			}
			return nil
		})
		if err != nil || !busy {
			return err
		}
		if err := nap(ctx, 5*time.Second); err != nil {
			return err
		}
	}
}

func nap(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (t *fakeTarget) Prepare(ctx context.Context, in Inputs) (Plan, error) {
	if err := t.idle(ctx); err != nil {
		return Plan{}, err
	}
	plan := Plan{Action: ActionNone, Repaired: t.repaired}
	f, err := t.call(ctx, "prepare", func() error {
		s := t.stack()
		switch {
		case s.stuck:
			return &Error{Kind: Refused, Reason: "it is stuck", Hint: "repair it"}
		case len(in) < len(t.needs):
			plan.Deferred = "waiting for " + t.needs[0].String()
			plan.Action = ActionUpdate
			return nil
		case s.exists && s.content == t.want:
			return nil
		}
		plan.Action = ActionCreate
		if s.exists {
			plan.Action = ActionUpdate
		}
		plan.Handle, plan.Stages = "plan-"+t.want, t.barrier != ""
		plan.Changes = []Change{{Resource: "Thing", Type: "Fake::Thing", Action: "Modify"}}
		s.plans[plan.Handle] = true
		return nil
	})
	if f == refuses && err == nil {
		err = &Error{Kind: Refused, Reason: "a certificate is missing"}
	}
	if f == opFails && err == nil {
		err = &Error{Kind: Failed, Reason: "the change set failed"}
	}
	return plan, err
}

func (t *fakeTarget) Image(ctx context.Context) (image []byte, err error) {
	_, err = t.call(ctx, "image", func() error {
		s := t.stack()
		image, err = json.Marshal(map[string]any{"exists": s.exists, "content": s.content})
		return err
	})
	return image, err
}

func (t *fakeTarget) Execute(ctx context.Context, plan Plan) error {
	f, err := t.start(ctx, plan, "")
	if err != nil {
		return err
	}
	if err := t.idle(ctx); err != nil {
		return err
	}
	return t.outcome(ctx, f)
}

// start begins the operation of a plan.
func (t *fakeTarget) start(ctx context.Context, plan Plan, barrier string) (fault, error) {
	f, err := t.call(ctx, "execute", func() error {
		s := t.stack()
		if !s.plans[plan.Handle] {
			return &Error{Kind: Failed, Reason: "no such plan"}
		}
		clear(s.plans)
		s.pending = &pending{to: t.want, ends: time.Now().Add(t.takes), barrier: barrier}
		return nil
	})
	if f == opFails || f == opSticks {
		t.w.mu.Lock()
		if op := t.stack().pending; op != nil {
			op.fails, op.sticks = "not stabilised", f == opSticks
		}
		t.w.mu.Unlock()
	}
	return f, err
}

// outcome tells how the operation ended.
func (t *fakeTarget) outcome(ctx context.Context, f fault) error {
	_, err := t.call(ctx, "result", func() error {
		switch s := t.stack(); {
		case s.stuck:
			return &Error{Kind: Stuck, Resource: "Thing", Type: "Fake::Thing", Reason: "not stabilised, and it cannot go back"}
		case s.content != t.want && f == opFails:
			return &Error{Kind: Failed, Resource: "Thing", Type: "Fake::Thing", Reason: "not stabilised"}
		case s.content != t.want:
			return &Error{Kind: Failed, Cancelled: true, Reason: "cancelled"}
		}
		return nil
	})
	return err
}

func (t *fakeTarget) Abort(ctx context.Context) error {
	_, err := t.call(ctx, "abort", func() error {
		if op := t.stack().pending; op != nil && !op.deletes {
			op.aborted, op.ends = true, time.Now().Add(t.takes/2)
		}
		return nil
	})
	return err
}

func (t *fakeTarget) Verify(ctx context.Context, _ Inputs) error {
	f, err := t.call(ctx, "verify", func() error {
		if s := t.stack(); s.content != t.want || s.stuck {
			return &Error{Kind: Failed, Reason: "it holds " + s.content}
		}
		return nil
	})
	if f == lies && err == nil {
		err = &Error{Kind: Failed, Reason: "the probe says 503"}
	}
	return err
}

func (t *fakeTarget) Restore(ctx context.Context, data []byte) (Restored, error) {
	var image struct {
		Exists  bool
		Content string
	}
	if err := json.Unmarshal(data, &image); err != nil {
		return Restored{}, err
	}
	if err := t.idle(ctx); err != nil {
		return Restored{}, err
	}
	back := Restored{Status: "restored"}
	f, err := t.call(ctx, "restore", func() error {
		s := t.stack()
		switch {
		case s.stuck:
			return &Error{Kind: Stuck, Reason: "it is stuck"}
		case s.exists == image.Exists && s.content == image.Content:
			back.Status = "untouched"
			return nil
		}
		s.pending = &pending{to: image.Content, deletes: !image.Exists, ends: time.Now().Add(t.takes)}
		if !image.Exists {
			back.Status = "deleted"
		}
		return nil
	})
	if f == opSticks {
		t.w.mu.Lock()
		if op := t.stack().pending; op != nil {
			op.sticks = true
		}
		t.w.mu.Unlock()
	}
	if err != nil {
		return back, err
	}
	if err := t.idle(ctx); err != nil {
		return back, err
	}
	_, err = t.call(ctx, "restored", func() error {
		if s := t.stack(); s.stuck || s.content != image.Content {
			return &Error{Kind: Stuck, Reason: "it could not go back"}
		}
		return nil
	})
	return back, err
}

func (t *fakeTarget) Discard(ctx context.Context, plan Plan) error {
	_, err := t.call(ctx, "discard", func() error {
		delete(t.stack().plans, plan.Handle)
		return nil
	})
	return err
}

func (t *fakeTarget) Outputs(ctx context.Context) (out map[string]string, err error) {
	_, err = t.call(ctx, "outputs", func() error {
		out = map[string]string{}
		if s := t.stack(); s.exists {
			out["Arn"] = "arn:" + t.name + ":" + s.content
		}
		return nil
	})
	return out, err
}

// Stage implements Stager.
func (t *fakeTarget) Stage(ctx context.Context, plan Plan) error {
	f, err := t.start(ctx, plan, t.barrier)
	for err == nil {
		var parked, gone bool
		_, err = t.call(ctx, "describe", func() error {
			parked, gone = t.stack().pending.waits(), t.stack().pending == nil
			return nil
		})
		switch {
		case err != nil || parked:
			return err
		case gone:
			return t.outcome(ctx, f)
		}
		err = nap(ctx, 5*time.Second)
	}
	return err
}

// Staged implements Stager.
func (t *fakeTarget) Staged(ctx context.Context) error {
	f, err := t.call(ctx, "staged", func() error {
		if !t.stack().pending.waits() {
			return &Error{Kind: Failed, Reason: "it does not wait"}
		}
		return nil
	})
	if f == lies && err == nil {
		err = &Error{Kind: Failed, Reason: "it does not wait"}
	}
	return err
}

// Keep implements Stager.
func (t *fakeTarget) Keep(ctx context.Context, deployment string) error {
	_, err := t.call(ctx, "keep", func() error {
		if op := t.stack().pending; op.waits() && op.barrier == deployment {
			op.kept, op.ends = true, time.Now().Add(t.settles)
		}
		return nil
	})
	return err
}

// Settle implements Stager.
func (t *fakeTarget) Settle(ctx context.Context, deployment string) error {
	for {
		var busy bool
		_, err := t.call(ctx, "settle", func() error {
			s := t.stack()
			if busy = s.pending != nil; !busy && s.barrier != deployment {
				return &Error{Kind: Failed, Reason: "it was not kept"}
			}
			return nil
		})
		if err != nil || !busy {
			return err
		}
		if err := nap(ctx, 5*time.Second); err != nil {
			return err
		}
	}
}

// fakeLedger is the ledger of one place.
type fakeLedger struct {
	w      *world
	region string
}

func (l *fakeLedger) place() *place { return l.w.places[l.region] }

func (l *fakeLedger) call(ctx context.Context, name string, effect func() error) error {
	_, err := l.w.call(ctx, l.region, "ledger", name, effect)
	return err
}

func (l *fakeLedger) Read(ctx context.Context) (state LedgerState, err error) {
	err = l.call(ctx, "read", func() error { state = l.place().ledger; return nil })
	return state, err
}

func (l *fakeLedger) Lock(ctx context.Context, owner Owner, lease time.Duration) error {
	return l.call(ctx, "lock", func() error {
		held := l.place().ledger.Lock
		if held != nil && held.Owner.ID != owner.ID && time.Now().Before(held.ExpiresAt) {
			return &LockedError{Region: l.region, Info: *held}
		}
		l.place().ledger.Lock = &LockInfo{Owner: owner, ExpiresAt: time.Now().Add(lease)}
		return nil
	})
}

func (l *fakeLedger) Renew(ctx context.Context, owner Owner, lease time.Duration) error {
	return l.call(ctx, "renew", func() error {
		held := l.place().ledger.Lock
		if held == nil || held.Owner.ID != owner.ID {
			return &LockedError{Region: l.region}
		}
		l.place().ledger.Lock = &LockInfo{Owner: owner, ExpiresAt: time.Now().Add(lease)}
		return nil
	})
}

func (l *fakeLedger) Unlock(ctx context.Context, owner Owner) error {
	return l.call(ctx, "unlock", func() error {
		if held := l.place().ledger.Lock; held != nil && held.Owner.ID == owner.ID {
			l.place().ledger.Lock = nil
		}
		return nil
	})
}

func (l *fakeLedger) SaveImage(ctx context.Context, target string, image []byte) error {
	return l.call(ctx, "save", func() error { l.place().images[target] = image; return nil })
}

func (l *fakeLedger) LoadImage(ctx context.Context, target string) (image []byte, err error) {
	err = l.call(ctx, "load", func() error {
		var ok bool
		if image, ok = l.place().images[target]; !ok {
			return errors.New("no image")
		}
		return nil
	})
	return image, err
}

func (l *fakeLedger) WriteJournal(ctx context.Context, j Journal) error {
	return l.call(ctx, "journal", func() error { l.place().ledger.Journal = &j; return nil })
}

func (l *fakeLedger) ClearJournal(ctx context.Context) error {
	return l.call(ctx, "clear", func() error { l.place().ledger.Journal = nil; return nil })
}

func (l *fakeLedger) Record(ctx context.Context, r Record) error {
	return l.call(ctx, "record", func() error {
		l.place().ledger.Record = &r
		l.place().history = append([]Record{r}, l.place().history...)
		return nil
	})
}

func (l *fakeLedger) History(ctx context.Context) (records []Record, err error) {
	err = l.call(ctx, "history", func() error { records = slices.Clone(l.place().history); return nil })
	return records, err
}

func (l *fakeLedger) Prune(ctx context.Context) error {
	return l.call(ctx, "prune", func() error { return nil })
}

// At implements Returner.
func (t *fakeTarget) At(data []byte) (Target, error) {
	var image struct {
		Exists  bool
		Content string
	}
	if err := json.Unmarshal(data, &image); err != nil {
		return nil, err
	}
	if !image.Exists {
		return nil, &Error{Kind: Refused, Reason: "it did not exist"}
	}
	back := *t
	back.want, back.needs = image.Content, nil
	return &back, nil
}
