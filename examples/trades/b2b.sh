# A sales team: accounts, who decides, deals, contracts. Sourced by run.sh.

headline "A core with the b2b plugin, in build/example"
begin
must init --with b2b --clock "fixed:$(instant_of "$end")"
must plugins

headline "Import"
for file in accounts contacts deals roles contracts contact_log; do import "$example/$file.csv" "examples/b2b/$file.map.json"; echo; done
must run-due --until-idle

headline "Key-account deals by stage (kith count sales.deal --by b2b.deal_stage)"
must count sales.deal --where "pipeline == 'key_account'" --by b2b.deal_stage

headline "The deals that fit best (kith list sales.deal --order 'b2b.deal_fit desc')"
must -q list sales.deal --where 'b2b.deal_fit != null' --order 'b2b.deal_fit desc, amount desc' --limit 8 \
  --select title,amount,b2b.deal_fit,b2b.deal_fit_band,b2b.probability,forecast_category,close_on

headline "One score, rule by rule"
deal=$(the_first sales.deal 'b2b.incumbents > 0 && b2b.deal_fit > 30' 'b2b.deal_fit desc') || exit 1
shown explain "$deal" b2b.deal_fit

headline "A guard that denies: nobody meets the decision makers before the economic buyer is named"
deal=$(the_first sales.deal "b2b.deal_stage == 'value' && b2b.economic_buyers == 0") || exit 1
denied transition "$deal" b2b.deal_stage meet_deciders
person=$(the_first customer "kind == 'person'") || exit 1
shown create b2b.buying_role "deal=${deal#*/}" "person=${person#*/}" role=economic_buyer
shown transition "$deal" b2b.deal_stage meet_deciders

headline "What the workflows do: a champion leaves, a deal is won"
champion=$(the_first b2b.buying_role "role == 'champion' && deal.deal_state == 'open'") || exit 1
shown set "$champion" "left_on=$end"
negotiated="b2b.deal_stage == 'negotiation' && amount > 0"
deal=$(the_first sales.deal "$negotiated" close_on) || exit 1
account=$(first_of sales.deal "$negotiated" close_on customer) || exit 1
shown create b2b.contract "number=C-NEW" "customer=${account#*/}" "deal=${deal#*/}" "starts_on=$end" "ends_on=$(date -u -d "$end + 1 year" +%F)" recurring_value=24000
shown transition "$deal" b2b.deal_stage win
must run-due --until-idle
must -q list task --select title,due_on,priority --order due_on --limit 10

headline "A month later: contracts that end within 90 days, close dates that have passed"
pass 30
must run-due --until-idle
echo "$(count_of sales.deal "pipeline == 'renewal'") renewal deals were opened, $(count_of task "title.startsWith('New close date')") deals are asked for a new close date."
must -q list sales.deal --where "pipeline == 'renewal'" --select title,amount,close_on --order close_on --limit 5

headline "What to try next"
cat <<NEXT
  alias kith='$kith_program -c $example/kith.json'
  kith timeline $account
  kith list sales.deal --where "b2b.meddpicc == 0 && forecast_category == 'commit'" --select title,amount,close_on
  kith list customer --where "sales.open_deals > 0" --select name,b2b.tier,sales.open_amount,sales.win_rate --order 'sales.open_amount desc' --limit 10
  kith catalog fields sales.deal
NEXT
