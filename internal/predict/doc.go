// Package predict answers one question: what would the Regions be after a
// change of the working tree?
//
// Declared evaluates the templates of a release for one Region and gives what
// they declare the form of a snapshot, so that the comparison that judges live
// Regions judges templates too; nothing is asked of AWS. Apply puts the changes
// of the templates into a snapshot of the live Region. Pinned finds what the
// comparison of two Regions cannot see, because it is written alike in both and
// exists in one.
//
// It refuses to guess. A reference to something that is not known here (a
// resource not yet created, a dynamic reference, an export) stays a symbol,
// which is alike in all Regions that say the same; what could not be evaluated
// is a gap. It reads no network and no clock, and runs no program.
package predict
