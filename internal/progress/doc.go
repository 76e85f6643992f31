// Package progress tells people what a deploy does while it does it: one line
// per target, Region and change of phase, with the time since the beginning,
// and what each target that is under way waits for. On a terminal the latter
// is redrawn in place; in a log it is said again only when nothing else was for
// a while. What happens to single resources is told when it fails, or when
// everything is asked for; it is kept for those who fold it away.
//
// It knows nothing of AWS: it reads the events of package deploy.
package progress
