#!/usr/bin/env bash
# A throwaway PostgreSQL on a loopback port of its own: `postgres.sh start DIR` prints its URL, `postgres.sh stop DIR` ends it.
# PostgreSQL refuses to run as root, so there it runs as the user postgres. Without a server the exit status is 3.
set -euo pipefail

bin() { # the folder of the newest installed server, Debian keeps it off the PATH
  if command -v initdb >/dev/null 2>&1; then dirname "$(command -v initdb)"; return; fi
  find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1 | xargs -r dirname
}

as_server() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

start() {
  local dir=$1 where port
  where=$(bin)
  if [ -z "$where" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing PostgreSQL" >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; } >/dev/null 2>&1 || true
    where=$(bin)
  fi
  if [ -z "$where" ]; then
    echo "No PostgreSQL server: its tests are skipped. Install the package postgresql." >&2
    exit 3
  fi
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  mkdir -p "$dir"
  if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; fi
  as_server "$where/initdb" -D "$dir/data" -U clinic -A trust >/dev/null
  as_server "$where/pg_ctl" -D "$dir/data" -w -l "$dir/log" \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" start >/dev/null
  echo "postgresql+psycopg://clinic@127.0.0.1:$port/postgres"
}

stop() {
  as_server "$(bin)/pg_ctl" -D "$1/data" -m immediate stop >/dev/null
  rm -rf "$1"
}

"$@"
