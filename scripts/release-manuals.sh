#!/usr/bin/env bash
# Writes what an archive holds beside the binary: manual pages, and completions
# for the usual shells.
#
#   scripts/release-manuals.sh dist-manuals
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:?directory}

export CGO_ENABLED=0
mkdir -p "$out/man" "$out/completions"
program=$(mktemp)
trap 'rm -f "$program"' EXIT
go build -o "$program" ./cmd/lockstep
"$program" man --out "$out/man"
for shell in bash zsh fish powershell; do
  "$program" completion "$shell" >"$out/completions/lockstep.$shell"
done
