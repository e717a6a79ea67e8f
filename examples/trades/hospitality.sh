# Two hotels: guests, reservations, stays. Sourced by run.sh.

headline "A core with the hospitality plugin, in build/example"
begin
must init --with hospitality --clock "fixed:$(instant_of "$end")"
must plugins

headline "Import"
for file in properties guests reservations; do import "$example/$file.csv" "examples/hotel/$file.map.json"; echo; done

headline "What follows: folios close, stays are recorded and posted, no-shows are noted"
must run-due --until-idle
must count hospitality.reservation --by reservation_state
echo
must count customer --by hospitality.guest_state
echo "$(kith count hospitality.stay) stays and $(kith count insight.value_entry) entries of the value ledger were written."

headline "The guests who are worth most (kith list customer --order 'hospitality.guest_value desc')"
must -q list customer --where 'hospitality.guest_value != null' --order 'hospitality.guest_value desc' --limit 8 \
  --select name,hospitality.guest_value,hospitality.guest_value_band,hospitality.guest_state,hospitality.nights_12m,hospitality.room_revenue_12m

headline "One score, rule by rule"
guest=$(the_first customer 'hospitality.no_shows_24m > 0 && hospitality.guest_value > 20' 'hospitality.guest_value desc') || exit 1
shown explain "$guest" hospitality.guest_value

headline "A guard that denies: no key without a checked identity"
reservation=$(the_first hospitality.reservation "reservation_state == 'reserved'" arrival_on) || exit 1
shown set "$reservation" "arrival_on=$end" "departure_on=$(date -u -d "$end + 2 days" +%F)" room_no=204
denied transition "$reservation" hospitality.reservation_state check_in
shown set "$reservation" identity_checked=true
shown transition "$reservation" hospitality.reservation_state check_in

headline "A validation that denies: health details need the guest's consent"
shy=$(the_first customer 'hospitality.guest_care != true') || exit 1
denied set "$shy" hospitality.allergies=nuts

headline "A week later, after seven night audits"
pass 7
for property in LAKE CITY; do must set "hospitality.property/$property" "business_date=$end"; done
must run-due --until-idle
echo "$(count_of task "title.startsWith('Prepare a room')") rooms are to be prepared, $(count_of hospitality.reservation "reservation_state == 'no_show'") reservations were no-shows, $(count_of customer 'hospitality.deposit_required') guests must pay a deposit."
must -q list task --where "title.startsWith('Prepare a room')" --select title,due_on --order due_on --limit 5

headline "What to try next"
cat <<NEXT
  alias kith='$kith_program -c $example/kith.json'
  kith timeline $guest
  kith list customer --where "in_segment('hospitality.ota_regulars')" --select name,email,hospitality.stays_12m
  kith list hospitality.reservation --where "reservation_state == 'reserved' && has_wishes" --select confirmation_no,guest.name,arrival_on --order arrival_on
  kith catalog fields hospitality.reservation
NEXT
