// Package github is where Lockstep meets GitHub: it reads the inputs and the
// event of a workflow run, and publishes a report as outputs, step summary,
// annotations and one comment that is updated in place.
//
// It is the only importer of go-githubactions and go-github, because both have
// edges that cut: an output with a newline can forge another output, the
// library panics when a runner file cannot be written, and a line of log that
// begins with "::" is a command. Nothing here decides a verdict, and nothing
// here that goes wrong changes one: what could not be published is a warning.
package github
