// Package readiness answers one question: if the reference Region vanished
// now, could this standby take over?
//
// It owns the rules (data plus a pure predicate each, one file per area), the
// policy that says how hard each rule bites, and Assess, which turns two
// snapshots and their comparison into a verdict. It is pure and fails closed:
// a rule whose evidence is missing is unknown, and unknown blocks unless the
// policy says otherwise. It never reads anything and never decides "ready"
// from silence.
package readiness
