// Package e2e runs the product as its users do: the built binary, the built
// image, the runner's own `docker run`, workflows under act, an AWS that nobody
// here wrote (moto) and changes made with the AWS CLI.
//
// The tests need Docker, act, moto_server, aws and busybox-static, which
// scripts/setup-tools.sh installs, and take minutes. What a missing tool makes
// impossible is skipped and says so; with LOCKSTEP_REQUIRE_TOOLS=1, as in CI, it
// fails instead.
package e2e
