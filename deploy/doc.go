// Package deploy brings one release into every Region of an application, or
// into none, and never lies about which.
//
// It owns the phases, the barrier between them, the ladder back (discard,
// native abort, saved state, quarantine), the words a deploy can end with and
// the contracts of what it drives and asks: Target, Ledger, Check, Judge, Progress,
// Clock. All state that must survive a killed process lives behind Target and
// Ledger, so running again always converges.
//
// It refuses to know AWS, GitHub, files or the wall clock, and it refuses to
// guess: what could not be read is in doubt, and no outcome is a success
// unless every Region was verified.
package deploy
