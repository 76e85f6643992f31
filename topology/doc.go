// Package topology names the places one application runs in: its Regions,
// the role each plays, and what the team declared it needs from a takeover.
//
// It owns the words role, strategy and objective and nothing else. It is the
// leaf of the dependency graph: it performs no I/O, imports nothing of ours,
// and holds no ambient state. A Region is always a value that callers pass.
package topology
