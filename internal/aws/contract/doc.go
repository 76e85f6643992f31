// Package contract holds the tests that keep the simulator honest: each operation is driven by a real SDK client, against
// internal/awssim and, when moto_server is on PATH, against moto, which nobody here wrote. What both must answer alike is
// asserted once. Where moto is known to differ, the case says why and runs on the simulator only.
//
// Without moto_server the moto half is skipped, loudly; LOCKSTEP_REQUIRE_TOOLS=1 turns the skip into a failure.
// The package has no production code.
package contract
