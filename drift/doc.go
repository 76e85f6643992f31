// Package drift answers one question: what differs between two Regions of one
// application that should not?
//
// It owns the Snapshot (everything read from one Region), the normalisation
// that makes two snapshots comparable, the relations two values must satisfy,
// and Compare, which turns two snapshots into findings. It is pure: it knows
// neither AWS nor GitHub, reads no clock and no environment, and gives the
// same answer for the same two files on any machine. It never concludes
// "equal" from what was not read: that is a Gap.
//
// Values are compared by what they refer to. Compare pairs resources by key
// (pair.go), learns what every id, ARN and endpoint stands for in both Regions
// (identity.go, symbols.go, index.go), brings each resource into a canonical
// tree in which they are symbols (canon.go, arrays.go, policy.go), compares
// digests, and only where they differ lays the trees side by side (align.go,
// diff.go). What differs is judged by tables: how a property must relate
// (relations.go), how its value is to be read (traits.go), what may name the
// other Region (leak.go), what a type means for a takeover (types.go).
// docs/decisions/0004-compare-references.md says why.
package drift
