package topology

import (
	"cmp"
	"fmt"
	"slices"
)

// Role is the part a Region plays for one application.
type Role string

// The roles. With one primary every other Region is a standby; with
// active-active every Region is active and judged as a peer.
const (
	Primary Role = "primary"
	Standby Role = "standby"
	Active  Role = "active"
)

// Strategy is the disaster-recovery strategy of the application. The names are
// those of the AWS whitepaper "Disaster Recovery of Workloads on AWS".
type Strategy string

// The strategies, from cheapest to fastest to recover.
const (
	BackupRestore Strategy = "backup-restore"
	PilotLight    Strategy = "pilot-light"
	WarmStandby   Strategy = "warm-standby"
	ActiveActive  Strategy = "active-active"
)

// Strategies lists every strategy, cheapest first.
func Strategies() []Strategy {
	return []Strategy{BackupRestore, PilotLight, WarmStandby, ActiveActive}
}

// Region is one AWS Region of the application.
type Region struct {
	// Name is the AWS Region code, for example "us-west-2".
	Name string `json:"name"`
	Role Role   `json:"role"`
	// Account is the twelve-digit account the Region must be reached in.
	// Empty means: whatever account the credentials belong to.
	Account string `json:"account,omitempty"`
	// RoleToAssume is the ARN of the IAM role to assume for this Region, if any.
	RoleToAssume string `json:"role_to_assume,omitempty"`
	// Probe is how the Region's own endpoint is asked, if at all.
	Probe Probe `json:"probe,omitzero"`
}

// Topology is the Regions of one application, reference Region first.
type Topology struct {
	App      string
	Strategy Strategy
	Regions  []Region
}

// New returns a topology with its Regions in canonical order: the primary
// first, then by name. It refuses duplicates and a wrong number of primaries.
func New(app string, strategy Strategy, regions []Region) (Topology, error) {
	t := Topology{App: app, Strategy: strategy, Regions: slices.Clone(regions)}
	slices.SortFunc(t.Regions, func(a, b Region) int {
		return cmp.Or(cmp.Compare(rank(a.Role), rank(b.Role)), cmp.Compare(a.Name, b.Name))
	})
	return t, t.validate()
}

func rank(r Role) int {
	if r == Primary {
		return 0
	}
	return 1
}

func (t Topology) validate() error {
	seen := map[string]bool{}
	count := map[Role]int{}
	for _, r := range t.Regions {
		if seen[r.Name] {
			return fmt.Errorf("Region %s is listed twice", r.Name)
		}
		seen[r.Name] = true
		count[r.Role]++
	}
	if t.Strategy == ActiveActive {
		if count[Active] != len(t.Regions) || len(t.Regions) < 2 {
			return fmt.Errorf("strategy %s needs at least two Regions, all with role %s", t.Strategy, Active)
		}
		return nil
	}
	if count[Primary] != 1 {
		return fmt.Errorf("strategy %s needs exactly one Region with role %s, found %d", t.Strategy, Primary, count[Primary])
	}
	if count[Standby] != len(t.Regions)-1 || count[Standby] == 0 {
		return fmt.Errorf("strategy %s needs every other Region to have role %s, and at least one", t.Strategy, Standby)
	}
	return nil
}

// Reference is the Region the others are compared with: the primary or, when
// all are active, the first by name.
func (t Topology) Reference() Region { return t.Regions[0] }

// Peers are the Regions that are compared with the reference, by name.
func (t Topology) Peers() []Region { return t.Regions[1:] }

// Region finds a Region by its code.
func (t Topology) Region(name string) (Region, bool) {
	for _, r := range t.Regions {
		if r.Name == name {
			return r, true
		}
	}
	return Region{}, false
}

// Names lists the Region codes in canonical order.
func (t Topology) Names() []string {
	names := make([]string, len(t.Regions))
	for i, r := range t.Regions {
		names[i] = r.Name
	}
	return names
}

// Under is the topology as it would be declared under another strategy: all
// Regions active, or the reference the primary of the others. The order stays.
func (t Topology) Under(s Strategy) Topology {
	if s == t.Strategy {
		return t
	}
	t.Strategy, t.Regions = s, slices.Clone(t.Regions)
	for i := range t.Regions {
		switch {
		case s == ActiveActive:
			t.Regions[i].Role = Active
		case i == 0:
			t.Regions[i].Role = Primary
		default:
			t.Regions[i].Role = Standby
		}
	}
	return t
}
