package deploy

import (
	"context"
	"errors"
	"time"
)

// ErrorKind says what is true of a target after a method failed. It decides
// whether the other Regions go back, stay or wait for a person.
type ErrorKind int

// The kinds. The zero value is the careful one.
const (
	// Unknown: the state could not be determined. Nothing may be concluded.
	Unknown ErrorKind = iota
	// Refused: a precondition does not hold; the target was not touched.
	Refused
	// Failed: it did not work, and the target is what it was before.
	Failed
	// Stuck: the target is neither old nor new and will stay so until a person acts.
	Stuck
)

// String names the kind.
func (k ErrorKind) String() string {
	switch k {
	case Refused:
		return "refused"
	case Failed:
		return "failed"
	case Stuck:
		return "stuck"
	}
	return "unknown"
}

// Error is a target's failure with what a person needs to act on it.
type Error struct {
	Kind ErrorKind
	// Resource and Type are the first resource that failed, if one did.
	Resource, Type string
	// Reason is the cause; it may hold untrusted text from AWS.
	Reason string
	// Hint is what to do about it; optional.
	Hint string
	// At is when it happened; zero if not told.
	At time.Time
	// Cancelled marks an operation that ended because its abort was asked
	// for, not because something in it failed.
	Cancelled bool
	// Err is the underlying error; optional.
	Err error
}

// Error is the reason, with the hint.
func (e *Error) Error() string {
	text := e.Reason
	if e.Resource != "" {
		text = e.Resource + ": " + text
	}
	if e.Hint != "" {
		text += " (" + e.Hint + ")"
	}
	return text
}

// Unwrap returns the underlying error.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of an error from a Target; Unknown if it does not say.
func KindOf(err error) ErrorKind {
	var known *Error
	if errors.As(err, &known) {
		return known.Kind
	}
	return Unknown
}

// said is what people are told of an error: of a call that was cancelled no
// more than that, for whatever it says itself is about its transport.
func said(err error) string {
	var known *stopped
	if errors.As(err, &known) {
		return known.Error()
	}
	if errors.Is(err, context.Canceled) {
		return "cancelled"
	}
	return err.Error()
}

// stopped is what was under way when the run had to stop.
type stopped struct {
	why string
	err error
}

func (e *stopped) Error() string {
	text := e.why + " while it was under way"
	if errors.Is(e.err, context.Canceled) || errors.Is(e.err, context.DeadlineExceeded) {
		return text
	}
	return text + ": " + e.err.Error()
}

func (e *stopped) Unwrap() error { return e.err }

// describe turns an error into the failure a report shows.
func describe(region, target string, phase Phase, err error, now time.Time) Failure {
	f := Failure{Region: region, Target: target, Phase: phase, Reason: said(err), At: now}
	var known *Error
	if errors.As(err, &known) && !errors.Is(err, context.Canceled) {
		f.Resource, f.Type, f.Reason, f.Hint = known.Resource, known.Type, known.Reason, known.Hint
		if !known.At.IsZero() {
			f.At = known.At
		}
	}
	return f
}

var (
	errDeadline = errors.New("the deadline of this deploy has passed")
	errLockLost = errors.New("the lock was lost to another run")
	// errSettled ends contexts whose work is over.
	errSettled = errors.New("the deploy is over")
)

// interruption tells why a context ended: by a person, by the deadline or by
// losing the lock. nil: it has not ended.
func interruption(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return context.Cause(ctx)
}
