// Package drift answers one question: what differs between two Regions of one
// application that should not?
//
// It owns the Snapshot (everything read from one Region), the normalisation
// that makes two snapshots comparable, the relations two values must satisfy,
// and Compare, which turns two snapshots into findings. It is pure: it knows
// neither AWS nor GitHub, reads no clock and no environment, and gives the
// same answer for the same two files on any machine. It never concludes
// "equal" from what was not read: that is a Gap.
package drift
