#!/usr/bin/env bash
# Downloads one release of Lockstep, checks it, and puts it on the PATH of the
# steps that follow. Nothing is installed unless every check passed.
#
# From the environment: LOCKSTEP_VERSION and LOCKSTEP_REPOSITORY (owner/name),
# GITHUB_SERVER_URL, RUNNER_TEMP, GITHUB_PATH, GITHUB_OUTPUT, and GH_TOKEN for a
# repository that is not public. Needs curl or gh, tar, and sha256sum or shasum.
set -euo pipefail

fail() { echo "::error title=Lockstep was not installed::$1" >&2; exit 1; }

version=${LOCKSTEP_VERSION:-}
repository=${LOCKSTEP_REPOSITORY:-}
server=${GITHUB_SERVER_URL:-https://github.com}
[ -n "$version" ] || fail "no version: pin this action to a release commit, or give it the input version"
[[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || fail "input version is not of the form v1.2.3"
[[ $repository =~ ^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$ ]] || fail "the repository of this action is unknown: use it as owner/name/setup@commit"

case "${RUNNER_OS:-$(uname -s)}" in
  Linux) os=linux ;;
  macOS | Darwin) os=darwin ;;
  Windows | MINGW* | MSYS*) os=windows ;;
  *) fail "there is no release for this operating system: ${RUNNER_OS:-$(uname -s)}" ;;
esac
case "${RUNNER_ARCH:-$(uname -m)}" in
  X64 | x86_64 | amd64) arch=amd64 ;;
  ARM64 | aarch64 | arm64) arch=arm64 ;;
  *) fail "there is no release for this processor: ${RUNNER_ARCH:-$(uname -m)}" ;;
esac
archive=lockstep_${version#v}_${os}_${arch}.tar.gz

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# gh reads releases of private repositories too; curl reads public ones.
if [ -n "${GH_TOKEN:-}" ] && command -v gh >/dev/null; then
  host=${server#*://}
  GH_HOST=$host GH_ENTERPRISE_TOKEN=$GH_TOKEN gh release download "$version" --repo "$host/$repository" \
    --pattern "$archive" --pattern checksums.txt || fail "gh cannot download $version of $repository: is it released, and may the token read it?"
else
  for file in "$archive" checksums.txt; do
    curl --fail --silent --show-error --location --retry 3 --output "$file" "$server/$repository/releases/download/$version/$file" ||
      fail "cannot download $file of $repository $version: is it released?"
  done
fi

want=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' checksums.txt)
[[ $want =~ ^[0-9a-f]{64}$ ]] || fail "checksums.txt has no line for $archive"
if command -v sha256sum >/dev/null; then have=$(sha256sum "$archive"); else have=$(shasum -a 256 "$archive"); fi
[ "${have%% *}" = "$want" ] || fail "$archive is not what checksums.txt says: it was changed or cut off on the way"

# Where it was built can be proven on github.com, where gh knows how.
if [ "$server" = https://github.com ] && [ -n "${GH_TOKEN:-}" ] && gh attestation --help >/dev/null 2>&1; then
  gh attestation verify "$archive" --repo "$repository" >/dev/null || fail "$archive has no attestation of this repository's release workflow"
  proof="checksum and build attestation verified"
else
  proof="checksum verified, build attestation not looked at"
fi

tar -xzf "$archive"
binary=lockstep
[ "$os" = windows ] && binary=lockstep.exe
[ -f "$binary" ] || fail "$archive holds no $binary"
target=${RUNNER_TEMP:-$HOME/.local}/lockstep-$version
mkdir -p "$target"
mv -f "$binary" "$target/"
chmod +x "$target/$binary"
"$target/$binary" version || fail "$binary does not run here"
[ -z "${GITHUB_PATH:-}" ] || echo "$target" >>"$GITHUB_PATH"
[ -z "${GITHUB_OUTPUT:-}" ] || echo "version=$version" >>"$GITHUB_OUTPUT"
echo "lockstep $version is in $target ($proof)"
