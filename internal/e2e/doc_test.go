// Package e2e runs the product as its users do: the built binary, the built
// image, the runner's own `docker run`, workflows under act, an AWS that nobody
// here wrote (moto) and changes made with the AWS CLI.
//
// The tests need Docker, act, moto_server and aws on this machine. Without them
// they are skipped and say which tool is missing; with LOCKSTEP_REQUIRE_TOOLS=1,
// as in CI, they fail instead.
package e2e
