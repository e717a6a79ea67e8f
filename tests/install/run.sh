#!/usr/bin/env bash
# install/run.sh BUILD_FOLDER CXX_COMPILER SANITIZERS: see README.md. 77 = skipped.
set -euo pipefail
build=$1 compiler=$2 sanitizers=$3
if [ -n "$sanitizers" ]; then
  echo "skipped: a library with sanitizers is not one to install"
  exit 77
fi
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A stranger's machine need not have the folder of the build: everything must come from the prefix.
cmake --install "$build" --prefix "$work/prefix" >"$work/install.log" || { cat "$work/install.log"; exit 1; }
cmake -S "$here/consumer" -B "$work/consumer" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_PREFIX_PATH="$work/prefix" >"$work/configure.log" 2>&1 || { cat "$work/configure.log"; exit 1; }
cmake --build "$work/consumer" >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
mkdir "$work/data"
"$work/consumer/consumer" "$work/data" "$work/consumer/plugins"
if grep -rlF "$build" "$work/prefix" --include='*.cmake' --include='*.h' --include='*.hpp'; then
  echo "these installed files name the folder of the build"
  exit 1
fi

kith=$work/prefix/bin/kith
cd "$work/data"
"$kith" -c shop.json init --with retail
"$kith" -c shop.json check
"$kith" -c shop.json plugins
"$kith" -c shop.json create customer kind=person name='Ada Li'
echo "installed, found, built, loaded"
