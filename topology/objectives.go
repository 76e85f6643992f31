package topology

import (
	"path"
	"slices"
	"time"
)

// Objectives are what the team declared it needs from a takeover. They decide
// the thresholds of the rules; nothing is compared with a hidden constant.
type Objectives struct {
	// RPO bounds how much data, measured in time, may be lost. Zero: not declared.
	RPO time.Duration `json:"rpo"`
	// RTO bounds how long a takeover may last. Zero: not declared.
	RTO time.Duration `json:"rto"`
	// Floor is the share of the primary's capacity (0..1) that the standby
	// must have at this moment.
	Floor float64 `json:"floor"`
	// Ceiling is the share of what the primary ran when read (0..) that the
	// standby must be able to grow to.
	Ceiling float64 `json:"ceiling"`
	// ReservedCapacity demands that what the standby must grow to is reserved.
	ReservedCapacity bool `json:"reserved_capacity,omitempty"`
	// CapacityScore asks EC2 how well it could start what the standby must grow
	// to. It needs Capacity Manager and a support plan that has it.
	CapacityScore bool `json:"capacity_score,omitempty"`
	// GeoPartitioned are patterns of the keys (path.Match) of stores of an
	// active-active application whose data each Region keeps for its own users:
	// nothing replicates them, and each peer has to be able to recover them.
	GeoPartitioned []string `json:"geo_partitioned,omitempty"`
	// Drill bounds how long ago the last takeover was practised. Zero: not declared.
	Drill time.Duration `json:"drill,omitzero"`
}

// Under is what the objectives would ask for under another strategy: nothing that
// serves now where the standby is switched off, everything where each Region serves.
func (o Objectives) Under(s Strategy) Objectives {
	if s != ActiveActive {
		o.GeoPartitioned = nil
	}
	switch s {
	case BackupRestore, PilotLight:
		o.Floor = 0
	case ActiveActive:
		o.Floor, o.Ceiling = 1, max(o.Ceiling, 1)
	}
	return o
}

// Partitioned reports whether a resource is declared to be geo-partitioned.
func (o Objectives) Partitioned(key string) bool {
	return slices.ContainsFunc(o.GeoPartitioned, func(pattern string) bool {
		matched, err := path.Match(pattern, key)
		return err == nil && matched
	})
}
