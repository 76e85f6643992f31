// Package hook asks an application, by HTTP or by a command of the team's,
// whether a release works in a Region. Each hook is a deploy.Check: it says
// yes, says no, or could not be asked, and never takes the last for the first.
package hook
