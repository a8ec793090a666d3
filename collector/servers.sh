#!/usr/bin/env bash
# Makes sure that Prometheus and Alertmanager are there with their tools (prometheus, promtool, alertmanager, amtool):
# what is on the PATH is used; on Debian and Ubuntu, as root, what is missing is installed. No service is started.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }

missing() {
  local tool
  for tool in prometheus promtool amtool; do
    command -v "$tool" >/dev/null 2>&1 || printf '%s ' "$tool"
  done
  command -v alertmanager >/dev/null 2>&1 || command -v prometheus-alertmanager >/dev/null 2>&1 || printf 'alertmanager '
}

install_packages() {
  local policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then # keeps the packages from starting their services
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends prometheus prometheus-alertmanager >&2
}

wanted=$(missing)
[[ -n $wanted ]] || exit 0
if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null 2>&1; then
  say "Installing Prometheus and Alertmanager with apt-get (missing: $wanted)"
  install_packages
  wanted=$(missing)
fi
if [[ -n $wanted ]]; then
  say "error: not on the PATH: $wanted"
  say "remedy: as root on Debian or Ubuntu: apt-get install prometheus prometheus-alertmanager; elsewhere put the"
  say "        binaries of https://prometheus.io/download on the PATH"
  exit 1
fi
