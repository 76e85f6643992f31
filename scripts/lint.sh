#!/usr/bin/env bash
# Everything a reviewer would complain about before reading: format, vet,
# staticcheck, layering, workflows, generated documents.
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
git diff --exit-code go.mod go.sum
go mod verify >/dev/null
echo "lint: clean"
