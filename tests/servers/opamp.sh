#!/usr/bin/env bash
# Builds the OpAMP server of the tests (tests/servers/opamp, on opamp-go's own server) and prints the path of the binary.
# It is kept outside the checkout, under ${DISCREET_CACHE:-~/.cache/discreet}/opamp, by what it is made of.
#
#   tests/servers/opamp.sh           build it unless it is there, print its path
#   tests/servers/opamp.sh --where   print the path only (exit status 1 if nothing is built yet)
set -euo pipefail

sources=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/opamp

checksum() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi
}

hash=$(cat "$sources"/main.go "$sources"/go.mod "$sources"/go.sum | checksum | cut -c1-12)
target=${DISCREET_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/discreet}/opamp/$hash/opamp-server

if [[ -x $target || ${1:-} == --where ]]; then
  printf '%s\n' "$target"
  [[ -x $target ]]
  exit
fi
if ! command -v go >/dev/null 2>&1; then
  echo "error: the OpAMP server of the tests is built with Go, and there is no Go on the PATH" >&2
  echo "remedy: install Go 1.26 or newer (https://go.dev/doc/install) and run this again" >&2
  exit 1
fi
mkdir -p "${target%/*}"
part=$(mktemp "${target%/*}/building.XXXXXX")
trap 'rm -f "$part"' EXIT
(cd "$sources" && go build -o "$part" .) >&2
mv -f "$part" "$target"
printf '%s\n' "$target"
