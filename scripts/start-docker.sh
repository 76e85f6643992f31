#!/usr/bin/env bash
# Makes sure that a Docker engine answers; starts one when none does. Prints the
# pid of the engine it started, or nothing.
set -euo pipefail

docker info >/dev/null 2>&1 && exit 0
log=$(mktemp)
dockerd >"$log" 2>&1 &
pid=$!
for _ in $(seq 60); do
  if docker info >/dev/null 2>&1; then
    echo "$pid"
    exit 0
  fi
  kill -0 "$pid" 2>/dev/null || break
  sleep 1
done
echo "start-docker: no Docker engine answers, and dockerd did not start:" >&2
tail -n 20 "$log" >&2
exit 1
