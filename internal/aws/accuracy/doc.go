// Package accuracy measures how true the findings are: whether two Regions deployed from one source are silent, and whether
// one change made behind the back of the templates is found, alone and with the right cause.
//
// It holds no product code. Its test deploys realistic templates to two Regions, takes real snapshots with the real SDK and
// compares them; then it makes changes one at a time, each in a copy of the world, and holds the findings against a table
// that says what a person on call would want to read. The Regions are simulated (by the embedded simulator and, where moto is
// installed, by moto): nothing here was measured on an AWS account. docs/accuracy.md is the result, and the test keeps it true.
package accuracy
