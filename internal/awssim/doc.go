// Package awssim is an AWS of several accounts and Regions inside one process, for the demo, the tests and the benchmarks.
// It owns the assembly: which services there are, how a request finds one, credentials to accounts, faults, the ledger of
// calls and the control endpoints under /_lockstep/. The parts are in the packages below it; internal/awssim/core says how
// to add a service. Its only clients are real SDK clients, over a socket (Serve) or without one (HTTPClient).
//
// It is a simulation and says so. It refuses to listen beyond loopback unless told to, checks no signatures, bills nothing
// and answers an operation it does not know with the protocol's own "unknown operation" error, never with success.
package awssim
