# One core with all four: a shop, a sales team, a bank and a hotel group share their customers. Sourced by run.sh.

headline "A core with retail, b2b, finance and hospitality, in build/example"
begin --customers 300 --orders 1800
must init --with retail,b2b,finance,hospitality --clock "fixed:$(instant_of "$end")"
must plugins

headline "Import: the shop, the sales team, the bank, the hotels"
for file in customers orders; do import "$example/$file.csv" "examples/shop/$file.map.json"; done
for file in accounts contacts deals roles contracts contact_log; do import "$example/$file.csv" "examples/b2b/$file.map.json"; done
import "$example/products.csv" examples/bank/products.map.json
import "$example/clients.csv" examples/bank/clients.map.json
import "$example/bank_accounts.csv" examples/bank/accounts.map.json
for file in properties guests reservations; do import "$example/$file.csv" "examples/hotel/$file.map.json"; done

headline "What is due, then the RFM job as of $end over orders and stays together"
must run-due --until-idle
must job run insight.rfm "as_of=$end"
must run-due --until-idle

headline "Who is known where"
echo "$(count_of customer "retail.shopper_state != 'none'") shoppers, $(count_of customer 'finance.open_accounts > 0') holders of a bank account, $(count_of customer 'hospitality.stays_ever > 0') hotel guests, $(count_of customer 'sales.open_deals > 0') accounts with open deals;"
echo "$(count_of customer "retail.shopper_state != 'none' && finance.open_accounts > 0 && hospitality.stays_ever > 0") are shopper, account holder and hotel guest in one, found by their e-mail address."

headline "One person: a shopper and hotel guest becomes a bank client"
ready="finance.client_state == 'none' && finance.valid_documents > 0 && finance.sanctions_status == 'clear' && finance.risk_rating <= 'medium' && finance.country_risk == 0 && finance.industry_risk == 'low' && finance.pep_status == 'none'"
both="retail.shopper_state != 'none' && hospitality.stays_ever > 0 && $ready"
person=$(the_first customer "$both" 'insight.net_value desc') || exit 1
email=$(first_of customer "$both" 'insight.net_value desc' email) || exit 1
must create member login=olga "name=Olga Officer"
must create member login=carl "name=Carl Compliance"
shown set "$person" finance.submitted_by=olga finance.approved_by=carl
for event in onboard submit approve; do shown transition "$person" finance.client_state "$event"; done
must run-due --until-idle
echo
must -q list customer --where "email == '$email'" --select name,lifecycle,retail.shopper_state,finance.client_state,hospitality.guest_state
must -q list customer --where "email == '$email'" --select name,retail.value,finance.risk,hospitality.guest_value,insight.net_value,insight.rfm_segment
echo
shown timeline "$person" --limit 45

headline "Each industry explains its own score"
shown explain "$person" retail.value
echo
shown explain "$person" finance.risk
echo
shown explain "$person" hospitality.guest_value

headline "What to try next"
cat <<NEXT
  alias kith='$kith_program -c $example/kith.json'
  kith get ${person%%/*} ${person#*/}
  take "retail" out of "plugins" in $example/kith.json, then: kith plugins; put it back, and all is as before
  kith catalog scores
NEXT
