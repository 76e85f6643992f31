#!/usr/bin/env bash
# Deploys a sample to two Regions of the embedded AWS with the given binary and
# writes their snapshots, for a judgement that needs neither network nor AWS.
#
#   scripts/smoke-snapshot.sh BINARY DIRECTORY OUT    OUT is inside of DIRECTORY
set -euo pipefail
binary=${1:?binary} directory=${2:?directory} out=${3:?output directory}

log=$(mktemp)
"$binary" sim --listen 127.0.0.1:0 >"$log" 2>&1 &
sim=$!
trap 'kill "$sim" 2>/dev/null || true' EXIT
for _ in $(seq 100); do
  endpoint=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$log" | head -n 1 || true)
  [ -n "$endpoint" ] && break
  kill -0 "$sim" || { cat "$log" >&2; exit 1; }
  sleep 0.1
done
export AWS_ENDPOINT_URL=$endpoint AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_EC2_METADATA_DISABLED=true
"$binary" --directory "$directory" deploy
"$binary" --directory "$directory" snapshot --out "$out"
