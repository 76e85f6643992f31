// Package command runs a program of the team's for one Region: with that
// Region's environment, its output line by line and without secrets, in a
// process group of its own that an interruption ends politely first.
//
// It refuses a shell: a command is a program and its arguments, so that no
// value can become code. It knows neither AWS nor deploys.
package command
