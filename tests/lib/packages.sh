# Packages of Debian 12 that a build needs: looked for, and installed through apt where they are missing.
# Sourced by examples/run.sh and tests/run.sh.

# "package: what it is for", one on each line.
KITH_BUILD_PACKAGES="
g++: the compiler
cmake: the build
ninja-build: the build
libboost1.81-dev: JSON and loading of plugins (compiled in, not needed at run time)
libsoci-dev: the database layer
libsqlite3-dev: the database
libspdlog-dev: the log (compiled in)
libfmt-dev: the log (compiled in)
libicu-dev: case folding and transliteration of names
libre2-dev: patterns of fields, in linear time
libssl-dev: hashes
libhowardhinnant-date-dev: time zones
tzdata: time zones
libcli11-dev: the command line
"
KITH_TEST_PACKAGES="
libgtest-dev: the tests
libgmock-dev: the tests
libbenchmark-dev: the benchmarks
clang: a second compiler, which must be able to use the library
libc++-14-dev: its standard library
libc++abi-14-dev: its standard library
postgresql: the second database in which expressions are tried
libpq-dev: its client library
"

# package_missing NAME
package_missing() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" != installed ]
}

# install_missing LIST: says what is missing and why, and installs it. Returns 1 with a sentence when that can't be done.
install_missing() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This is not a Debian system: packages are not looked for. Needed are:" >&2
    echo "$1" >&2
    return 0
  fi
  local line name names=()
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    name=${line%%:*}
    if package_missing "$name"; then
      [ ${#names[@]} -gt 0 ] || echo "These packages are missing and will be installed:"
      printf '  %-28s %s\n' "$name" "${line#*: }"
      names+=("$name")
    fi
  done <<< "$1"
  [ ${#names[@]} -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Installing them needs root. As root, run: apt-get install ${names[*]}" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  local log
  log=$(mktemp)
  if "${as_root[@]}" apt-get update >"$log" 2>&1 &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${names[@]}" >>"$log" 2>&1; then
    rm -f "$log"
    return 0
  fi
  tail -n 15 "$log" >&2
  echo "apt could not install them; its last lines are above, all of them in $log. Is there a network, and is this Debian 12?" >&2
  return 1
}

# Compiler caches need these where a build uses precompiled headers or embeds times.
use_ccache() {
  command -v ccache >/dev/null || return 0
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
  export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_NOHASHDIR=1
}

# build_with_progress LOG COMMAND...: output goes to the log; now and then a line says how far it is.
build_with_progress() {
  local log=$1 pid state last="" said=$SECONDS
  shift
  "$@" >"$log" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    state=$(grep -o '^\[[0-9]*/[0-9]*\]' "$log" | tail -n 1 || true)
    [ -n "$state" ] && [ "$state" != "$last" ] || continue
    if [ -t 1 ]; then
      printf '\r  built %s' "$state"
    elif [ $((SECONDS - said)) -ge 20 ]; then
      echo "  built $state"
      said=$SECONDS
    else
      continue
    fi
    last=$state
  done
  [ -t 1 ] && [ -n "$last" ] && echo
  wait "$pid"
}
