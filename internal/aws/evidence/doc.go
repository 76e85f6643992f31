// Package evidence gathers the facts that rules need and that no resource's own description holds: what a service's tasks
// really run, whether the code objects of a release are in the Region, what the Region's ledger says it runs.
//
// It owns those calls, their IAM actions (Actions) and the shape of the facts. States that come with a description are facts
// of package read. It refuses to guess: a fact that could not be read is a gap that names the fact, and an object that is
// not there is a gap with the reason NotFound, which rules read as "missing".
package evidence
