package report

import "time"

// The ways in which a change may pass although the standby is not ready.
const (
	// ByRegressions: everything that blocks was there before the change.
	ByRegressions = "regressions"
	// ByBreakGlass: a person took it upon themselves.
	ByBreakGlass = "break-glass"
)

// Admission says why a change passes although the verdict is not ready. The
// verdict stays what it is: an admission never makes a standby ready.
type Admission struct {
	Way string `json:"way"`
	// Reason is why, in the words of whoever decided or of the comparison.
	Reason string `json:"reason"`
	// By is who decided; empty for a comparison.
	By string `json:"by,omitempty"`
	// At is when the label was set, or when the run was told.
	At time.Time `json:"at,omitzero"`
	// Blocking is how many blocking checks were set aside.
	Blocking int `json:"blocking"`
}
