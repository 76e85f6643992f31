// Command lockstep deploys a release to every Region or to none, finds drift
// between Regions, and blocks a merge when the standby could not take over.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], processEnvironment())) }
