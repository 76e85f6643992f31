#!/usr/bin/env bash
# What only tools can show: moto, terraform, Docker and act. A tool that is missing
# is a failure, not a skip. The packages whose every test needs one run whole; of
# the others those tests whose names say so, as internal/arch sees to.
set -euo pipefail
cd "$(dirname "$0")/.."
export LOCKSTEP_REQUIRE_TOOLS=1
PATH="$PATH:$(go env GOPATH)/bin"

go test -count=1 -timeout 20m -run 'Moto|Terraform' ./internal/aws/accuracy ./internal/aws/collect ./internal/aws/target
go test -count=1 -timeout 40m ./internal/aws/contract ./internal/e2e/...
