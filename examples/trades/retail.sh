# A shop: customers and orders in, scores and win-back out. Sourced by run.sh.

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
