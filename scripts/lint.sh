#!/usr/bin/env bash
# Everything a reviewer would complain about before reading: format, vet,
# staticcheck, layering, workflows, manual pages.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(go env GOPATH)/bin

unformatted=$(git ls-files '*.go' | xargs gofmt -l)
if [ -n "$unformatted" ]; then
  echo "not formatted (run gofmt -w):" >&2
  echo "$unformatted" >&2
  exit 1
fi
go vet ./...
"$bin/staticcheck" ./...
go test -count=1 ./internal/arch
"$bin/actionlint" -color
"$bin/actionlint" -color examples/workflows/*.yml
manuals=$(mktemp -d)
scripts/release-manuals.sh "$manuals"
ls "$manuals"/man/lockstep.1 "$manuals"/completions/lockstep.bash >/dev/null
rm -r "$manuals"
git diff --exit-code go.mod go.sum
go mod verify >/dev/null
echo "lint: clean"
