package readiness

import (
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// Verdict is the answer of the gate.
type Verdict string

// The verdicts, best first.
const (
	Ready    Verdict = "ready"
	NotReady Verdict = "not-ready"
	Unknown  Verdict = "unknown"
)

// Status is the outcome of one rule.
type Status string

// The statuses.
const (
	Pass          Status = "pass"
	Fail          Status = "fail"
	Undetermined  Status = "unknown"
	NotApplicable Status = "not-applicable" // the reference Region does not use the feature
	Waived        Status = "waived"
	Off           Status = "off"
)

// Evidence is all a rule may look at. A rule is a pure function of it.
type Evidence struct {
	Primary, Standby *drift.Snapshot
	Comparison       *drift.Comparison
	Strategy         topology.Strategy
	Objectives       topology.Objectives
	// Probe is how the standby's own endpoint is asked, if at all.
	Probe topology.Probe
	// Takeover is what the team prepared besides resources.
	Takeover topology.Takeover
	// Delivered are the primary's buckets that every deploy fills from source, in both
	// Regions.
	Delivered []string
	Now       time.Time
}

// Check is the outcome of one rule for one standby. A rule whose outcomes
// differ in status, severity or waiver yields one check for each kind; a rule
// with any failure or unknown yields no pass.
type Check struct {
	Rule     string         `json:"rule"`
	Title    string         `json:"title"`
	Status   Status         `json:"status"`
	Severity drift.Severity `json:"severity"`
	Region   string         `json:"region"`
	// Resources are the keys the outcome is about, sorted.
	Resources []string `json:"resources"`
	// Evidence states what was seen in both Regions, in one or a few lines of
	// plain untrusted text.
	Evidence string `json:"evidence"`
	// Why is what a failure means on the day of the takeover; empty otherwise.
	Why string `json:"why,omitempty"`
	Fix string `json:"fix"`
	// Missing names what was needed and not read, when Status is unknown.
	Missing []drift.Gap   `json:"missing,omitempty"`
	Waived  *drift.Waiver `json:"waived,omitempty"`
	// Location is where the repository declares what the outcome is about, if
	// known; Assess leaves it to its caller.
	Location *drift.Location `json:"location,omitempty"`
}

// Assessment is the judgement over one standby or, merged, over all.
type Assessment struct {
	Verdict Verdict
	Checks  []Check
	// Gaps are the comparison's gaps with NeededBy filled.
	Gaps []drift.Gap
	// Waivers are those of the comparison and the policy, each once, marked
	// when a finding or a rule's outcome was accepted by it.
	Waivers []drift.WaiverUse
}

// Level is what the policy makes of a rule.
type Level string

// The levels.
const (
	LevelBlock Level = "block"
	LevelWarn  Level = "warn"
	LevelOff   Level = "off"
)

// Policy is the team's say in how hard rules bite. The zero value is the
// strictest: every rule at its own severity, unknown blocks.
type Policy struct {
	// Rules overrides the severity of single rules by id.
	Rules map[string]Level
	// Unknown says what an undetermined blocking rule does: LevelBlock
	// (default, also when empty) or LevelWarn.
	Unknown Level
	// Waivers accept failures of a rule on a resource: Resource is the key or
	// a pattern, Property the rule id written as "rule:CFG-03", or the property
	// of the finding the rule is about.
	Waivers []drift.Waiver
	// Own are the rules that the team wrote, beside the catalogue.
	Own []Own
}
