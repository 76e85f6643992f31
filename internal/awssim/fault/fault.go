// Package fault scripts what goes wrong in the simulator. A Fault says which calls, or which CloudFormation resources, it
// concerns, which of them in order, and what happens to them. It owns matching and counting and the words each protocol
// uses for "slow down", "access denied" and "token expired". It touches no network: the caller carries the effects out.
package fault

import (
	"fmt"
	"slices"
	"time"
)

// The effects.
const (
	Latency      = "latency"       // the call takes Delay longer
	Throttle     = "throttle"      // the call is rejected as too fast; with Rate set, only calls above the rate are
	Error        = "error"         // the call fails with Status, Code and Message; default: an internal failure, 500
	Reset        = "reset"         // the connection is reset before an answer
	Truncate     = "truncate"      // the answer ends half-way
	Empty        = "empty"         // the answer has its status and no body, as some proxies leave it
	Hang         = "hang"          // no answer until the caller gives up
	ExpiredToken = "expired-token" // the credentials are refused as expired
	AccessDenied = "access-denied" // the caller may not do this on Resource
	Stale        = "stale"         // reads do not see writes younger than Delay (default 1 minute)

	FailResource   = "fail-resource"   // CloudFormation: the resource fails with Message as its reason
	FreezeResource = "freeze-resource" // CloudFormation: the resource stays in progress until the fault is removed
	SlowResource   = "slow-resource"   // CloudFormation: the resource takes Delay
)

// Effects lists all effects.
func Effects() []string {
	return []string{Latency, Throttle, Error, Reset, Truncate, Empty, Hang, ExpiredToken, AccessDenied, Stale,
		FailResource, FreezeResource, SlowResource}
}

// Fault is one scripted fault. Empty selectors match everything. Calls are selected by Account, Region, Service (signing
// name), Operation and Contains (text in the path or the body); CloudFormation resources by Account, Region, Stack, LogicalID,
// Type and Action (create, update, delete; rollback-create, rollback-update and rollback-delete while undoing).
type Fault struct {
	ID     string `json:"id,omitempty" yaml:"id,omitempty"`
	Effect string `json:"effect" yaml:"effect"`

	Account   string `json:"account,omitempty" yaml:"account,omitempty"`
	Region    string `json:"region,omitempty" yaml:"region,omitempty"`
	Service   string `json:"service,omitempty" yaml:"service,omitempty"`
	Operation string `json:"operation,omitempty" yaml:"operation,omitempty"`
	Contains  string `json:"contains,omitempty" yaml:"contains,omitempty"`

	Except       []string `json:"except,omitempty" yaml:"except,omitempty"`             // operations that are not meant
	PerOperation bool     `json:"perOperation,omitempty" yaml:"perOperation,omitempty"` // each operation has a token bucket of its own

	Stack     string `json:"stack,omitempty" yaml:"stack,omitempty"`
	LogicalID string `json:"logicalId,omitempty" yaml:"logicalId,omitempty"`
	Type      string `json:"type,omitempty" yaml:"type,omitempty"`
	Action    string `json:"action,omitempty" yaml:"action,omitempty"`

	From  int `json:"from,omitempty" yaml:"from,omitempty"`   // the first matching call that is hit, from 1; 0 is 1
	Count int `json:"count,omitempty" yaml:"count,omitempty"` // how many are hit; 0 is all
	Every int `json:"every,omitempty" yaml:"every,omitempty"` // hit only each Every-th of them; 0 is each

	Delay    Duration `json:"delay,omitempty" yaml:"delay,omitempty"`
	Rate     float64  `json:"rate,omitempty" yaml:"rate,omitempty"`   // calls per second of a token bucket, per account and Region
	Burst    float64  `json:"burst,omitempty" yaml:"burst,omitempty"` // its size; 0 is Rate
	Status   int      `json:"status,omitempty" yaml:"status,omitempty"`
	Code     string   `json:"code,omitempty" yaml:"code,omitempty"`
	Message  string   `json:"message,omitempty" yaml:"message,omitempty"`
	Resource string   `json:"resource,omitempty" yaml:"resource,omitempty"` // ARN in an access-denied message
}

// Validate reports what is wrong with a fault.
func (f Fault) Validate() error {
	switch {
	case !slices.Contains(Effects(), f.Effect):
		return fmt.Errorf("read fault: effect %q is not one of %v", f.Effect, Effects())
	case f.From < 0 || f.Count < 0 || f.Every < 0 || f.Rate < 0 || f.Burst < 0 || f.Delay < 0:
		return fmt.Errorf("read fault: %s: numbers must not be negative", f.Effect)
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("read fault: %s: status %d is no error", f.Effect, f.Status)
	}
	return nil
}

// forResource reports whether the fault concerns CloudFormation resources rather than calls.
func (f Fault) forResource() bool {
	return f.Effect == FailResource || f.Effect == FreezeResource || f.Effect == SlowResource
}

// Duration is a time.Duration written as text such as "1.5s".
type Duration time.Duration

// D returns the duration.
func (d Duration) D() time.Duration { return time.Duration(d) }

// MarshalText writes the duration as text.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads "1.5s" and the like.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("read duration %q: write it like 1.5s or 2m", text)
	}
	*d = Duration(v)
	return nil
}
