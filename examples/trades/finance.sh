# A bank: who a client is, what risk they are, what suits them. Sourced by run.sh.

headline "A core with the finance plugin, in build/example"
begin
must init --with finance --clock "fixed:$(instant_of "$end")"
must plugins

headline "Import"
import "$example/products.csv" examples/bank/products.map.json; echo
import "$example/clients.csv" examples/bank/clients.map.json; echo
import "$example/bank_accounts.csv" examples/bank/accounts.map.json; echo
must run-due --until-idle

headline "Clients by state, and by the rating that is proposed"
must count customer --by finance.client_state
echo
must count customer --by finance.risk_band

headline "One score, rule by rule: what is not known counts in full"
client=$(the_first customer "finance.risk != null && finance.pep_status == null" 'finance.risk desc') || exit 1
shown explain "$client" finance.risk

headline "A guard that denies: four eyes, and no high risk without enhanced due diligence"
must create member login=olga "name=Olga Officer"
must create member login=carl "name=Carl Compliance"
client=$(the_first customer "finance.client_state == 'onboarding' && finance.valid_documents > 0 && finance.risk_band == 'low' && finance.sanctions_status == 'clear'") || exit 1
denied transition "$client" finance.client_state submit
shown set "$client" finance.submitted_by=olga
shown transition "$client" finance.client_state submit
shown set "$client" finance.approved_by=olga
denied transition "$client" finance.client_state approve
shown set "$client" finance.approved_by=carl
shown transition "$client" finance.client_state approve

headline "A validation that denies: what doesn't suit the client is not recommended"
careful=$(the_first customer "finance.client_state == 'active' && finance.risk_class == 1") || exit 1
denied create finance.recommendation "customer=${careful#*/}" product=DERIV amount=10000 "reason=high yield"
shown create finance.recommendation "customer=${careful#*/}" product=SAVINGS amount=10000 "reason=reserve for emergencies"

headline "What the workflows do: a screening match, the next review"
suspect=$(the_first customer "finance.client_state == 'active' && finance.sanctions_status == 'clear'" 'finance.assets desc') || exit 1
shown set "$suspect" finance.sanctions_status=potential
must run-due --until-idle
must -q list customer --where "finance.client_state == 'restricted'" --select name,finance.client_state,finance.sanctions_status,finance.assets
must -q list task --select title,due_on,priority --limit 5
echo
must -q list customer --where "finance.approved_by != null" --select name,finance.client_state,finance.kyc_status,finance.next_review_on

headline "A month later: reviews that are due, documents that expire, accounts where nothing moves"
pass 30
must run-due --until-idle
echo "$(count_of task "title.startsWith('KYC review')") reviews have begun, $(count_of task "title.contains('document expires')") documents are asked for, $(count_of customer "finance.client_state == 'dormant'") clients are dormant."

headline "What to try next"
cat <<NEXT
  alias kith='$kith_program -c $example/kith.json'
  kith timeline $client
  kith list customer --where "finance.risk_band > finance.risk_rating" --select name,country,finance.pep_status,finance.risk,finance.risk_rating
  kith eval "finance.risk_rating <= 'medium' && finance.approved_by != finance.submitted_by" --on customer --key ${client#*/}
  kith catalog fields customer
NEXT
