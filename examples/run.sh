#!/usr/bin/env bash
# The main job, from a fresh Debian 12 to an explained score: installs what is missing, builds, makes a shop's data (or
# takes yours), imports it, runs what is due and the RFM job, and shows what the retail plugin made of it.
#
#   examples/run.sh                        2,000 customers and 12,000 orders of the last two years
#   examples/run.sh --end 2026-06-30       the same, as if that were today
#   examples/run.sh --orders FILE [--end DATE]
#                                          your orders: customer_id,order_date,revenue,first_name,last_name,email
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/lib/packages.sh

fail() {
  echo >&2
  echo "examples/run.sh stopped: $*" >&2
  exit 1
}
headline() { printf '\n== %s\n\n' "$*"; }
usage() { sed -n '2,9s/^# \{0,1\}//p' examples/run.sh; }

orders="" end="" seed=1
while [ $# -gt 0 ]; do
  case $1 in
    --orders | --end | --seed)
      [ $# -ge 2 ] || fail "$1 needs a value; see examples/run.sh --help"
      declare "${1#--}=$2"
      shift 2
      ;;
    -h | --help) usage; exit 0 ;;
    *) fail "there is no flag '$1'; see examples/run.sh --help" ;;
  esac
done
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
targets=(kith_cli kith_demo_data embed_cpp kith_plugin_sales kith_plugin_insight kith_plugin_retail)
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
instant_of() { echo "$1T23:59:59Z"; }

headline "A core with the retail plugin, in build/example"
clock=()
if [ -n "$orders" ]; then
  cp "$orders" "$example/orders.csv" || fail "the orders could not be copied"
  if [ -z "$end" ]; then
    end=$(grep -Eo '[0-9]{4}-[0-9]{2}-[0-9]{2}' "$example/orders.csv" | sort | tail -n 1)
    [ -n "$end" ] || fail "no date as 2026-06-30 is in $orders; the columns are customer_id,order_date,revenue,first_name,last_name,email"
  fi
  clock=(--clock "fixed:$(instant_of "$end")")
else
  [ -z "$end" ] || clock=(--clock "fixed:$(instant_of "$end")")
  end=$(build/release/bin/kith_demo_data --out "$example" --seed "$seed" ${end:+--end "$end"}) || fail "the demonstration data could not be made"
fi
must init --with retail "${clock[@]}"
must plugins

headline "Import"
if [ -n "$orders" ]; then
  import "$example/orders.csv" examples/shop/own_orders.map.json
else
  import "$example/customers.csv" examples/shop/customers.map.json
  echo
  import "$example/orders.csv" examples/shop/orders.map.json
fi

headline "What is due, then the RFM job as of $end, then what follows from it"
echo "\$ kith run-due --until-idle";           must run-due --until-idle
echo "\$ kith job run insight.rfm as_of=$end"; must job run insight.rfm "as_of=$end"
echo "\$ kith run-due --until-idle";           must run-due --until-idle

headline "Segments (kith count customer --by insight.rfm_segment)"
must count customer --by insight.rfm_segment

headline "Top customers (kith list customer --order 'retail.value desc')"
must -q list customer --where 'retail.value != null' --order 'retail.value desc, insight.net_value desc' --limit 10 \
  --select name,retail.value,retail.value_band,insight.rfm_segment,retail.net_orders_12m,retail.net_spend_12m

# A score is most telling where something counts against it.
pick() { kith --format csv --no-header list customer --where "$1" --order 'retail.value desc, insight.net_value desc' --limit 1 --select id | tr -d '\r'; }
customer=$(pick 'retail.value != null && retail.returns_12m > 0')
[ -n "$customer" ] || customer=$(pick 'retail.value != null')
[ -n "$customer" ] || fail "no customer has a score"
headline "One score, rule by rule (kith explain $customer retail.value)"
must explain "$customer" retail.value

headline "What the win-back workflow did"
tasks=$(must count task --where "title.startsWith('Win back')") || exit 1
offers=$(kith --format jsonl events --name retail.win_back_offer --ack --consumer example | wc -l)
echo "It found good customers who stay away: $tasks tasks and $offers events retail.win_back_offer."
if [ "$tasks" -gt 0 ]; then
  echo
  must -q list task --where "title.startsWith('Win back')" --select title,customer.retail.value,customer.insight.net_value,due_on,status --order 'customer.insight.net_value desc' --limit 5
fi

headline "What to try next"
cat <<NEXT
  alias kith='$kith_program -c $example/kith.json'
  kith timeline $customer
  kith list customer --where "insight.rfm_segment == 'cant_lose_them'" --select name,email,insight.net_value --order 'insight.net_value desc'
  kith eval 'retail.net_orders_12m >= 2' --on customer --key ${customer#*/}
  kith catalog fields customer
  kith doctor
  examples/run.sh --orders FILE          your own orders: customer_id,order_date,revenue,first_name,last_name,email
  build/release/bin/embed_cpp /tmp       the library inside a program of your own: examples/embed_cpp/main.cpp
NEXT
