#!/usr/bin/env bash
# Everything under the race detector, but for what waits for moto, which is another
# program: scripts/for-real.sh asks it the same without the detector.
set -euo pipefail
cd "$(dirname "$0")/.."
go list ./... | grep -v /internal/aws/contract$ | CGO_ENABLED=1 xargs go test -race -timeout 40m -skip Moto
