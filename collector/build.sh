#!/usr/bin/env bash
# Builds the collector from manifest.yaml and prints the path of the binary. What is built is kept outside the
# checkout, under ${DISCREET_CACHE:-~/.cache/discreet}/collector, by version and content of the manifest: a second
# call is instant.
#
#   collector/build.sh           build it unless it is there, print its path
#   collector/build.sh --where   print the path only (exit status 1 if nothing is built yet)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
manifest=$here/manifest.yaml
go_needed=1.26

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "error: $1"
  say "remedy: $2"
  exit 1
}

checksum() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi
}

version=$(sed -n 's/^  version: *//p' "$manifest")
name=$(sed -n 's/^  name: *//p' "$manifest")
hash=$(checksum <"$manifest" | cut -c1-12)
cache=${DISCREET_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/discreet}/collector
target=$cache/$version-$hash/$name

if [[ ${1:-} == --where ]]; then
  printf '%s\n' "$target"
  [[ -x $target ]]
  exit
fi
if [[ -x $target ]]; then
  printf '%s\n' "$target"
  exit
fi

check_go() {
  command -v go >/dev/null 2>&1 ||
    fail "the collector is built with Go, and there is no Go on the PATH" \
      "install Go $go_needed or newer (https://go.dev/doc/install) and run this again"
  local found
  found=$(GOTOOLCHAIN=local go env GOVERSION)
  found=${found#go}
  if [[ $(printf '%s\n%s\n' "$go_needed" "${found%%[!0-9.]*}" | sort -V | head -n 1) != "$go_needed" ]]; then
    fail "Go $found is too old to build collector $version" \
      "install Go $go_needed or newer (https://go.dev/doc/install) and run this again"
  fi
}

# What the builder is doing, from the last line it wrote about it.
phase() {
  case $(grep -oE 'Getting go modules|Compiling|Compiled' "$1" | tail -n 1) in
    'Getting go modules') echo 'fetching modules' ;;
    Compiling) echo 'compiling' ;;
    Compiled) echo 'done' ;;
    *) echo 'resolving modules' ;;
  esac
}

# Runs a command in the background, says every ten seconds what it is about, and shows what it wrote if it fails.
run() {
  local title=$1 log=$2 said=$SECONDS
  shift 2
  "$@" >"$log" 2>&1 &
  child=$!
  while kill -0 "$child" 2>/dev/null; do
    sleep 1
    if ((SECONDS - said >= 10)); then
      said=$SECONDS
      local at=$title
      [[ $title == collector ]] && at="collector: $(phase "$log")"
      say "  $((SECONDS - started)) s  $at"
    fi
  done
  if ! wait "$child"; then
    child=
    tail -n 40 "$log" >&2
    fail "building failed (above are the last lines)" \
      "check that the Go module proxy can be reached (go env GOPROXY) and run this again: what was fetched is kept"
  fi
  child=
}

child=
work=
cleanup() {
  [[ -z $child ]] || kill "$child" 2>/dev/null || true
  [[ -z $work ]] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

started=$SECONDS
check_go
mkdir -p "$cache"
work=$(mktemp -d "$cache/building.XXXXXX")
builder=$cache/builder-$version/builder
say "Building collector $version in $cache (once: two to six minutes, some 2 GB of Go's own caches)"
if [[ ! -x $builder ]]; then
  run "builder" "$work/builder.log" \
    env GOBIN="$work/bin" go install "go.opentelemetry.io/collector/cmd/builder@v$version"
  mkdir -p "${builder%/*}"
  mv -f "$work/bin/builder" "$builder"
fi
awk -v path="$work/sources" '{ print } /^dist:$/ { print "  output_path: " path }' "$manifest" >"$work/manifest.yaml"
run "collector" "$work/collector.log" "$builder" --config="$work/manifest.yaml"
mkdir -p "${target%/*}"
mv -f "$work/sources/$name" "$target"
say "Built in $((SECONDS - started)) s"
printf '%s\n' "$target"
