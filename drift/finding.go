package drift

// Severity says how much a finding matters for a takeover.
type Severity string

// Severities, worst first.
const (
	Block Severity = "block" // the standby cannot take over, or not with the right release
	Warn  Severity = "warn"  // degraded or endangered
	Info  Severity = "info"  // cosmetic
)

// Severities lists every severity, worst first.
func Severities() []Severity { return []Severity{Block, Warn, Info} }

// AtLeast reports whether s is as bad as, or worse than, other.
func (s Severity) AtLeast(other Severity) bool { return s.rank() <= other.rank() }

func (s Severity) rank() int {
	switch s {
	case Block:
		return 0
	case Warn:
		return 1
	default:
		return 2
	}
}

// Relation is how the standby's value must relate to the primary's.
type Relation string

// The relations.
const (
	Equal        Relation = "equal"
	AtLeast      Relation = "at-least"      // the standby's is no less than the primary's, by the rule's scale and share
	Superset     Relation = "superset"      // every element of the primary's is in the standby's
	Present      Relation = "present"       // set in both; the values themselves may differ
	MayBeOff     Relation = "may-be-off"    // the standby's may be disabled on purpose
	ReplicaShape Relation = "replica-shape" // differs by design between an original and its replica; equal where neither is one
	Ignore       Relation = "ignore"
)

// Cause says where a difference comes from.
type Cause string

// The causes.
const (
	Declared       Cause = "declared"         // the code of the two Regions differs
	OutOfBand      Cause = "out-of-band"      // the code is equal, one live Region is not what it says
	NotYetDeployed Cause = "not-yet-deployed" // the Regions run different releases
	Unknown        Cause = "unknown"          // the declared side could not be evaluated
)

// Finding is one difference between the reference Region and another.
type Finding struct {
	// Resource is the resource key; Property a dotted path in CloudFormation
	// names, empty when the resource itself is missing.
	Resource string `json:"resource"`
	Type     string `json:"type"`
	Property string `json:"property"`
	// Region is the Region compared with the reference.
	Region string `json:"region"`
	// Primary and Standby are the values as read, with nothing rewritten;
	// "(secret)" on both sides where the value is secret, nil where absent.
	Primary  any      `json:"primary"`
	Standby  any      `json:"standby"`
	Relation Relation `json:"relation"`
	Severity Severity `json:"severity"`
	Cause    Cause    `json:"cause"`
	// ChangedIn names the Region whose live value left its code, when Cause is OutOfBand.
	ChangedIn string    `json:"changed_in,omitempty"`
	Message   string    `json:"message"`
	Fix       string    `json:"fix"`
	Waived    *Waiver   `json:"waived"`
	Location  *Location `json:"location,omitempty"`
}

// Coverage counts what was compared. Pairs = Compared + NotCompared.
type Coverage struct {
	Pairs       int `json:"pairs"`
	Compared    int `json:"compared"`
	NotCompared int `json:"not_compared"`
}

// Comparison is the outcome of comparing one Region with the reference.
type Comparison struct {
	Region   string
	Findings []Finding
	Coverage Coverage
	// Gaps of both snapshots and of the comparison itself (a pair that could
	// not be compared, an ambiguous candidate), sorted.
	Gaps []Gap
	// Waivers in the order given, marked when they matched a finding.
	Waivers []WaiverUse
	// Aliases are the keys of the standby's resources that belong to one of the
	// primary under another key: the standby's key to the primary's. Findings
	// speak the primary's.
	Aliases map[string]string
}
