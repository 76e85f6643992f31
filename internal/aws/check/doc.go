// Package check looks at what must hold in a Region for a deploy to go on: the
// alarms that watch a release, and functions that prove it. Each is a
// deploy.Check: a call that fails is "could not be looked at", never "holds".
package check
