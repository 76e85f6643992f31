#!/usr/bin/env bash
# Measures what docs/performance.md states, in the format of benchstat. The
# scans wait in real time, so all of it takes about five minutes; nothing fails for
# being slow. Arguments go to `go test`, such as -count=6 for benchstat.
#
#   scripts/bench.sh | tee new.txt && benchstat old.txt new.txt
#   scripts/bench.sh -services=200      # 10,000 resources a Region: half an hour
set -euo pipefail
cd "$(dirname "$0")/.."
export CGO_ENABLED=0

services=() rest=()
for argument in "$@"; do
  case $argument in
    -services=*) services+=("$argument") ;;
    *) rest+=("$argument") ;;
  esac
done
run() { go test -run='^$' -timeout=4h "$@" ${rest[@]+"${rest[@]}"}; }

echo "# $(date -u +%Y-%m-%d) $(git describe --always --dirty) $(nproc) cores, load$(uptime | sed 's/.*load average:/ /')"
run -bench='^BenchmarkCompare$' -benchtime=5x -cpu=1 ./drift
run -bench='^BenchmarkAssess$' -benchtime=5x -cpu=1 ./readiness
run -bench='^BenchmarkStart$' -benchtime=20x ./cmd/lockstep
run -bench='^BenchmarkCallsPerResource$' -benchtime=1x ./internal/aws/collect
go test -count=1 -timeout=4h -run=ScanTakes -v ./internal/aws/collect # in a bubble, 1,000 resources
go test -count=1 -run=DeployTakes -v ./internal/aws/target # in a bubble
run -bench='^BenchmarkSnapshots$' -benchtime=1x -v ./internal/aws/collect ${services[@]+"${services[@]}"}
