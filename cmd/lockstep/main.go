// Command lockstep deploys a release to every Region or to none, finds drift
// between Regions, and blocks a merge when the standby could not take over.
package main

import (
	"os"
	_ "time/tzdata" // windows for deploys name time zones, and a small image has no database of them
)

func main() { os.Exit(run(os.Args[1:], processEnvironment())) }
