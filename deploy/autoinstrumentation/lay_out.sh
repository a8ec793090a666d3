#!/bin/sh
# Lays out what the operator copies into a pod: `lay_out.sh FOLDER WHEEL TAG...`.
# FOLDER is made; WHEEL is Discreet's; TAG are the platforms for which wheels may be taken (manylinux2014_x86_64). Only
# pure wheels and those for CPython's stable ABI are, so that the folder serves every Python from 3.10 on.
set -eu
folder=$1 wheel=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}

platforms=
for tag in "$@"; do platforms="$platforms --platform=$tag"; done

# shellcheck disable=SC2086 # one word for each platform
"$python" -m pip install --quiet --disable-pip-version-check --no-compile --target "$folder" --no-deps \
  --only-binary=:all: --implementation=cp --python-version=3.10 --abi=abi3 --abi=none $platforms \
  --require-hashes --requirement "$here/requirements.txt"
rm -rf "$folder/bin" # commands for the Python of the build
"$python" -m pip install --quiet --disable-pip-version-check --no-compile --target "$folder" --no-deps --no-index "$wheel"
rm -rf "$folder/bin"
chmod -R go+rX "$folder"
