#!/usr/bin/env bash
# Starts what the tests need and runs pytest with the arguments given. Called by `make test`, from the top of the checkout.
set -euo pipefail

if command -v go >/dev/null 2>&1; then
  make --no-print-directory collector servers opamp-server
  export DISCREET_REQUIRE_COLLECTOR=1
else
  echo "No Go: the collector's tests are skipped. Install Go 1.26 or newer."
fi

folder=$(mktemp -d)
chmod 755 "$folder"
if url=$(tests/servers/postgres.sh start "$folder/postgres"); then
  export CLINIC_TEST_POSTGRES_URL="$url"
  trap 'tests/servers/postgres.sh stop "$folder/postgres"; rm -rf "$folder"' EXIT
fi

"$PYTHON" -m pytest "$@"
