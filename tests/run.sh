#!/usr/bin/env bash
# All tests, from a fresh Debian 12: installs what is missing, builds, runs. The last line says how many passed and failed.
#
#   tests/run.sh          everything in the release build, then under sanitizers the floors that read strangers' bytes
#                         or keep them: base, expr, store, facts, bundles; and threads under the thread sanitizer
#   tests/run.sh --full   then long random tests, fifty killed imports, benchmarks, everything under sanitizers, ten minutes of
#                         fuzzing
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/lib/packages.sh

full=0
for flag in "$@"; do
  case $flag in
    --full) full=1 ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' tests/run.sh; exit 0 ;;
    *) echo "tests/run.sh: there is no flag '$flag'; see tests/run.sh --help" >&2; exit 2 ;;
  esac
done

cores=$(nproc)
passed=0 failed=0 skipped=0
began=$SECONDS

# stop SENTENCE: nothing more can be tested; that counts as a failure.
stop() {
  echo "tests/run.sh stopped: $*" >&2
  echo "$passed passed, $((failed + 1)) failed, $skipped skipped"
  exit 1
}
# build PRESET TARGET...: no target = all. `configured` may hold what cmake is told besides.
configured=()
build() {
  local preset=$1 log=build/$1-build.log from=$SECONDS
  shift
  cmake --preset "$preset" -DKITH_BUILD_TESTS=ON ${configured[@]+"${configured[@]}"} >"build/$preset-configure.log" 2>&1 ||
    { tail -n 20 "build/$preset-configure.log" >&2; stop "cmake could not configure the preset $preset (build/$preset-configure.log)"; }
  echo "Building the preset $preset ..."
  build_with_progress "$log" cmake --build --preset "$preset" -j "$cores" ${1:+--target "$@"} ||
    { grep -m 20 -A 5 -E 'error|FAILED' "$log" >&2; stop "the preset $preset could not be built ($log)"; }
  echo "  built in $((SECONDS - from)) s"
}
# attribute FILE NAME: of the test suite that ctest wrote.
attribute() { grep -m 1 -o "\b$2=\"[0-9]*\"" "$1" | grep -o '[0-9]*'; }
# run_tests PRESET CTEST_ARGUMENT...
run_tests() {
  local preset=$1 report=$PWD/build/$1-tests.xml from=$SECONDS all bad out
  shift
  rm -f "$report"
  ctest --preset "$preset" -j "$cores" --output-junit "$report" "$@" 2>&1 | grep -v '^ *Start '
  [ -s "$report" ] || stop "ctest wrote no report for the preset $preset"
  all=$(attribute "$report" tests) bad=$(attribute "$report" failures) out=$(($(attribute "$report" skipped) + $(attribute "$report" disabled)))
  [ "${all:-0}" -gt 0 ] || stop "the preset $preset has no tests"
  passed=$((passed + all - bad - out)) failed=$((failed + bad)) skipped=$((skipped + out))
  echo "  tested in $((SECONDS - from)) s"
}

# fuzz SECONDS NAME: the target kith_fuzz_NAME, from the kept inputs; what it finds is left in build/fuzz-NAME.
fuzz() {
  local found=build/fuzz-$2 log=build/fuzz-$2.log
  rm -rf "$found" && mkdir -p "$found/inputs"
  echo "Fuzzing $2 for $1 s ..."
  if build/fuzz/bin/kith_fuzz_"$2" -max_total_time="$1" -max_len=1024 -timeout=20 -dict=tests/fuzz/"$2".dict -artifact_prefix="$found/" \
    "$found/inputs" tests/fuzz/corpus/"$2" >"$log" 2>&1; then
    passed=$((passed + 1))
    grep -E '^Done ' "$log" | sed 's/^/  /'
  else
    failed=$((failed + 1))
    tail -n 25 "$log" >&2
    echo "  the input is in $found; keep it in tests/fuzz/corpus/$2 once it is answered" >&2
  fi
}

install_missing "$KITH_BUILD_PACKAGES$KITH_TEST_PACKAGES" || stop "packages are missing"
use_ccache
mkdir -p build
export KITH_DATA=${KITH_DATA:-$(realpath -m ../shared/data)}
export TSAN_OPTIONS=${TSAN_OPTIONS:-second_deadlock_stack=1}
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:strict_string_checks=1} UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
[ -d "$KITH_DATA" ] || echo "The public data sets are not in $KITH_DATA: tests that need them are skipped."

[ "$full" -eq 0 ] || export KITH_FULL=1 KITH_CRASH_RUNS=50
build release
run_tests release

if [ "$full" -eq 1 ]; then
  echo "Kith beside hand-written code:"
  for what in "" "--retail-day 2000 12000 3" "--retail-day 20000 120000 1" "--hot-account 20000 1000" --opening; do
    # shellcheck disable=SC2086  # a flag and its numbers
    build/release/bin/kith_bench $what || { echo "kith_bench $what failed" >&2; failed=$((failed + 1)); }
  done
  # Sanitizers look at everything, but not at the hundred thousand random cases again.
  unset KITH_FULL
  export KITH_CRASH_RUNS=5
  # Each source by itself: what the presets compile together may hide a missing include.
  configured=(-DCMAKE_UNITY_BUILD=OFF)
  build asan-ubsan
  run_tests asan-ubsan
  build fuzz kith_fuzz_expr
  fuzz 600 expr
else
  build asan-ubsan kith_test_base kith_test_expr kith_test_store kith_test_facts kith_test_bundles
  run_tests asan-ubsan -R '^(base|expr|store|facts|bundles)\.'
fi
configured=()
build tsan kith_test_threads
run_tests tsan -R '^threads\.'

echo "in $(((SECONDS - began) / 60)) min $(((SECONDS - began) % 60)) s on $cores cores"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
