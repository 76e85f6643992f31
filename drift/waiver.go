package drift

import (
	"encoding/json"
	"time"
)

// Waiver accepts findings: a scope, a reason and a last day. It never hides a
// finding: the finding is reported as waived, and counted.
type Waiver struct {
	// Resource is a resource key or a path.Match pattern over it ("payments/*").
	Resource string `json:"resource"`
	// Property is the dotted path it covers, with everything below it; "" or
	// "*" covers any property of the resource, a missing resource included.
	Property string `json:"property"`
	// Region limits the waiver to one standby; empty covers all.
	Region string `json:"region,omitempty"`
	Reason string `json:"reason"`
	// Until is the last day (UTC) on which the waiver holds.
	Until Date `json:"until"`
}

// WaiverUse is a waiver and whether it matched anything.
type WaiverUse struct {
	Waiver
	Matched bool `json:"matched"`
}

// Date is a calendar day in UTC, written as 2006-01-02.
type Date struct{ time.Time }

// ParseDate reads a day such as "2027-03-31".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	return Date{t}, err
}

// Expired reports whether the day has passed at now.
func (d Date) Expired(now time.Time) bool { return !now.UTC().Before(d.AddDate(0, 0, 1)) }

func (d Date) String() string { return d.Format(time.DateOnly) }

// MarshalText writes the day alone.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// MarshalJSON writes the day alone; without it the time's own would be used.
func (d Date) MarshalJSON() ([]byte, error) { return []byte(`"` + d.String() + `"`), nil }

// UnmarshalJSON reads the day alone.
func (d *Date) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	return d.UnmarshalText([]byte(text))
}

// UnmarshalText reads the day alone.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	*d = parsed
	return err
}
