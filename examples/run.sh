#!/usr/bin/env bash
# The main job, from a fresh Debian 12 to an explained score: installs what is missing, builds, makes the data of a trade
# (or takes your orders), imports it, runs what is due, and shows what the trade's plugin made of it.
#
#   examples/run.sh                        a shop: 2,000 customers and 12,000 orders of the last two years
#   examples/run.sh --vertical b2b         a sales team: accounts, who decides, deals and contracts
#   examples/run.sh --vertical finance     a bank: clients, documents, accounts
#   examples/run.sh --vertical hospitality two hotels: guests and reservations
#   examples/run.sh --vertical all         one core with all four, and a person who is shopper, bank client and hotel guest
#   examples/run.sh --end 2026-06-30       as if that were today; with any of the above
#   examples/run.sh --orders FILE [--end DATE]
#                                          a shop with your orders: customer_id,order_date,revenue,first_name,last_name,email
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/lib/packages.sh

fail() {
  echo >&2
  echo "examples/run.sh stopped: $*" >&2
  exit 1
}
# What was asked for is not what this can do.
misused() {
  echo "examples/run.sh: $*" >&2
  exit 2
}
headline() { printf '\n== %s\n\n' "$*"; }
usage() { sed -n '2,13s/^# \{0,1\}//p' examples/run.sh; }

orders="" end="" seed=1 vertical=retail
while [ $# -gt 0 ]; do
  case $1 in
    --orders | --end | --seed | --vertical)
      [ $# -ge 2 ] || misused "$1 needs a value; see examples/run.sh --help"
      declare "${1#--}=$2"
      shift 2
      ;;
    -h | --help) usage; exit 0 ;;
    *) misused "there is no flag '$1'; see examples/run.sh --help" ;;
  esac
done
case $vertical in
  retail | b2b | finance | hospitality | all) ;;
  *) misused "there is no vertical '$vertical': retail, b2b, finance, hospitality or all" ;;
esac
[ -z "$orders" ] || [ "$vertical" = retail ] || misused "--orders goes with a shop only, not with --vertical $vertical"
[ -z "$orders" ] || [ -r "$orders" ] || fail "the file '$orders' can't be read"
[[ -z $end || $end =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] || fail "--end needs a date as 2026-06-30, found '$end'"
[ -z "$orders" ] || orders=$(realpath "$orders")

headline "Packages and build"
install_missing "$KITH_BUILD_PACKAGES" || fail "packages are missing"
use_ccache
mkdir -p build
if [ ! -f build/release/build.ninja ]; then
  echo "Configuring (preset release) ..."
  cmake --preset release -DKITH_BUILD_TESTS=OFF >build/configure.log 2>&1 || { tail -n 20 build/configure.log >&2; fail "cmake could not configure; all of its output is in build/configure.log"; }
fi
targets=(kith_cli kith_demo_data embed_cpp kith_plugin_sales kith_plugin_insight kith_plugin_retail kith_plugin_b2b
  kith_plugin_finance kith_plugin_hospitality)
if ninja -C build/release -n "${targets[@]}" 2>/dev/null | grep -q 'no work to do'; then
  echo "Everything is built already."
else
  echo "Building; on two cores this takes some minutes the first time, and seconds later ..."
  build_with_progress build/build.log ninja -C build/release "${targets[@]}" || { grep -m 20 -A 5 -E 'error|FAILED' build/build.log >&2; fail "the build failed; all of its output is in build/build.log"; }
fi
kith_program=$PWD/build/release/bin/kith

example=$PWD/build/example
rm -rf "$example" && mkdir -p "$example" || fail "the folder $example can't be made anew"
kith() { "$kith_program" -c "$example/kith.json" "$@"; }
# must WORDS...: a kith command that has to succeed.
must() { kith "$@" || fail "'kith $*' ended with exit code $?; what it said stands above"; }
# Rejected rows end an import with 1, which is no failure here: they are part of what is shown.
import() {
  kith import "$1" --map "$2" 2>&1 | grep -v '^committed '
  local code=${PIPESTATUS[0]}
  [ "$code" -le 1 ] || fail "the import of $1 ended with exit code $code"
}
# typed WORDS...: the command as one would type it.
typed() {
  local line='$ kith' word
  for word in "$@"; do
    case $word in *[\ \'\"\(\&\>\<]*) word="\"$word\"" ;; esac
    line+=" $word"
  done
  echo "$line"
}
shown() { typed "$@"; must "$@"; }
# denied WORDS...: a command that a guard (KITH-3008) or a validation (KITH-3005) has to refuse.
denied() {
  typed "$@"
  local said
  said=$(kith "$@" 2>&1) && fail "'kith $*' was to be refused, and was not"
  echo "$said"
  [[ $said == *KITH-3008* || $said == *KITH-3005* ]] || fail "'kith $*' was refused for another reason"
}
# first_of TYPE WHERE ORDER COLUMN: a value of the first record in that order.
first_of() {
  local value
  value=$(kith --format csv --no-header list "$1" --where "$2" ${3:+--order "$3"} --limit 1 --select "$4" | tr -d '\r') || exit 1
  [ -n "$value" ] || fail "no $1 has: $2"
  echo "$value"
}
# the_first TYPE WHERE [ORDER]: its key.
the_first() { local id && id=$(first_of "$1" "$2" "${3:-}" id) && echo "$1/${id#*/}"; }
# count_of TYPE WHERE
count_of() { kith count "$1" --where "$2" || fail "'kith count $1' failed"; }
# pass DAYS: the clock of the example moves on.
pass() {
  end=$(date -u -d "$end + $1 days" +%F)
  sed -i "s/fixed:[0-9TZ:-]*/fixed:$(instant_of "$end")/" "$example/kith.json" || fail "the clock could not be moved"
  echo "It is $end now."
}
instant_of() { echo "$1T23:59:59Z"; }


# The data of a trade, and a core whose clock stands at its last day.
begin() {
  end=$(build/release/bin/kith_demo_data --trade "$vertical" --out "$example" --seed "$seed" ${end:+--end "$end"} "$@") ||
    fail "the demonstration data could not be made"
}

. "examples/trades/$vertical.sh"
