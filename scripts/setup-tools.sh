#!/usr/bin/env bash
# Installs what the checks need on a bare Debian or Ubuntu machine and says what
# is there. Nothing here is needed to build or to run `go test ./...`.
set -euo pipefail

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

need_apt=()
command -v dockerd >/dev/null || need_apt+=(docker.io iptables)
[ -x /bin/busybox ] || need_apt+=(busybox-static)
# The tests of the HTML report click in it; on Ubuntu, whose chromium package is
# a snap, the runner brings Google Chrome.
command -v chromium >/dev/null || command -v google-chrome >/dev/null || need_apt+=(chromium fonts-dejavu-core)
command -v gcc >/dev/null || need_apt+=(gcc libc6-dev) # the race detector needs cgo
python3 -c 'import ensurepip' 2>/dev/null || need_apt+=(python3 python3-venv)
if [ ${#need_apt[@]} -gt 0 ]; then
  as_root apt-get update -qq
  as_root apt-get install -y -qq --no-install-recommends "${need_apt[@]}" >/dev/null
fi

bin=$(go env GOPATH)/bin
[ -x "$bin/act" ] || go install github.com/nektos/act@v0.2.89
[ -x "$bin/actionlint" ] || go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
[ -x "$bin/staticcheck" ] || go install honnef.co/go/tools/cmd/staticcheck@v0.8.2

# moto is the AWS simulator that nobody in this project wrote; with the AWS CLI
# changes are made by hand. They come with the machine or from PyPI, into an
# environment of their own; where neither has them, the checks must fail.
from_pypi() { # command, requirement
  command -v "$1" >/dev/null && return
  [ -x "$bin/$1" ] && return
  local venv=$bin/../lockstep-tools/$1
  python3 -m venv "$venv" && "$venv/bin/pip" install --quiet "$2" && ln -sf "$(realpath "$venv")/bin/$1" "$bin/$1" || {
    echo "setup-tools: $1 is missing and cannot be installed: the checks that need it cannot run" >&2
    exit 1
  }
}
from_pypi moto_server 'moto[server]==5.2.1'
from_pypi aws 'awscli==1.45.11'
