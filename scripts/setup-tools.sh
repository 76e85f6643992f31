#!/usr/bin/env bash
# Installs what the checks need on a bare Debian or Ubuntu machine and says what
# is there. Nothing here is needed to build or to run `go test ./...`.
set -euo pipefail

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

need_apt=()
command -v dockerd >/dev/null || need_apt+=(docker.io iptables)
[ -x /bin/busybox ] || need_apt+=(busybox-static)
command -v gcc >/dev/null || need_apt+=(gcc libc6-dev) # the race detector needs cgo
command -v python3 >/dev/null || need_apt+=(python3 python3-pip)
if [ ${#need_apt[@]} -gt 0 ]; then
  as_root apt-get update -qq
  as_root apt-get install -y -qq --no-install-recommends "${need_apt[@]}" >/dev/null
fi

bin=$(go env GOPATH)/bin
[ -x "$bin/act" ] || go install github.com/nektos/act@v0.2.89
[ -x "$bin/actionlint" ] || go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
[ -x "$bin/staticcheck" ] || go install honnef.co/go/tools/cmd/staticcheck@v0.8.2

# moto is the AWS simulator that nobody in this project wrote. It comes with
# the machine or from PyPI; where neither has it, the checks must fail.
if ! command -v moto_server >/dev/null; then
  python3 -m pip install --quiet 'moto[server]==5.2.1' || {
    echo "setup-tools: moto_server is missing and cannot be installed: the moto checks cannot run" >&2
    exit 1
  }
fi
