#!/usr/bin/env bash
# Builds the Linux binaries that go into the image, one directory for each
# processor, and puts the rest of the image beside them. The flags are those of .goreleaser.yaml; the release workflow
# compares the results byte for byte.
#
#   scripts/release-binaries.sh v1.2.3 dist/image
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?version} out=${2:?directory}

for arch in amd64 arm64; do
  CGO_ENABLED=0 GOOS=linux GOARCH=$arch go build -trimpath -buildvcs=false \
    -ldflags "-s -w -X main.version=$version" -o "$out/$arch/lockstep" ./cmd/lockstep
done
mkdir -p "$out/tmp"
chmod 1777 "$out/tmp"
cp /etc/ssl/certs/ca-certificates.crt "$out/"
cp scripts/release.Dockerfile "$out/Dockerfile"
