// Package collect takes the snapshots: one of every Region, all at once.
//
// It owns the order of the work (stacks, the resources of each as soon as it is listed, evidence at the end of the list), what
// becomes of a Region that cannot be reached (a snapshot with one gap over everything), and the last look at what leaves: no
// secret value may be in a snapshot. Its result is the end of all I/O with AWS for reading; whatever follows works on the
// snapshots.
//
// It refuses to turn a wrong setup into a verdict: missing or expired credentials and a wrong account are errors. It cannot
// write, because it is only ever given read-only sessions.
package collect
