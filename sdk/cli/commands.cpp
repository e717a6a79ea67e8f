#include "command.hpp"

namespace kith::cli {

const std::vector<CommandEntry>& command_entries() {
  static const std::vector<CommandEntry> entries = {
      {"init", "write a first kith.json", make_init, {"kith init", "kith init --with retail --currency EUR --time-zone Europe/Berlin"}},
      {"check", "check config, manifests and every expression, without opening the database", make_check,
       {"kith check", "kith -c /etc/shop/kith.json check --format json"}},
      {"doctor", "versions, storage, rights, clock, pending work", make_doctor, {"kith doctor", "kith doctor --format json"}},
      {"plugins", "which plugins are here, in which state", make_plugins, {"kith plugins", "kith plugins --columns id,version,path"}},
      {"catalog", "what exists: record types, fields, scores, workflows", make_catalog,
       {"kith catalog types", "kith catalog fields customer --format csv"}},
      {"import", "rows of a CSV file through a mapping; bad rows go to a reject file", make_import,
       {"kith import orders.csv --map orders.map.json", "kith import orders.csv --map orders.map.json --resume auto"}},
      {"export", "every live record of a type, to CSV or JSON Lines", make_export,
       {"kith export customer --out customers.csv", "kith export retail.order --select number,total --order number --format jsonl"}},
      {"list", "records of a type", make_list,
       {"kith list customer --where \"kind == 'person'\" --select id,name --order name",
        "kith list customer --where 'retail.net_spend_12m > $least' --param least=500 --limit 20"}},
      {"count", "how many records", make_count, {"kith count customer --where 'email == null'", "kith count customer --by insight.rfm_segment"}},
      {"get", "one record with all its values", make_get, {"kith get customer/@shop:17", "kith get customer/@shop:17 --format json"}},
      {"create", "a new record", make_create,
       {"kith create customer kind=person name='Ada Li' email=ada@example.com", "kith create task title='Call back' customer=customer/@shop:17"}},
      {"set", "values of a record; an empty value clears the field", make_set,
       {"kith set customer/@shop:17 email=ada@example.com", "kith set customer/@shop:17 phone= --if-version 4"}},
      {"transition", "an event of a lifecycle", make_transition,
       {"kith transition customer/@shop:17 customer.lifecycle qualify", "kith transition customer/@shop:17 customer.lifecycle unqualify --reason 'wrong number'"}},
      {"relate", "relate two records, or end that", make_relate,
       {"kith relate customer/@shop:17 works_for customer/@shop:c4 title=CTO", "kith relate customer/@shop:17 works_for customer/@shop:c4 --end"}},
      {"timeline", "the 360 degree view of a record", make_timeline, {"kith timeline customer/@shop:17", "kith timeline customer/@shop:17 --limit 5 --format json"}},
      {"score", "a score with its reasons", make_score, {"kith score customer/@shop:17 retail.value", "kith score customer/@shop:17 retail.value --format csv"}},
      {"explain", "why a score, segment, formula, rollup or state is what it is", make_explain,
       {"kith explain customer/@shop:17 retail.value", "kith explain customer/@shop:17 customer.lifecycle"}},
      {"eval", "an expression: its value, its parts, until when it holds", make_eval,
       {"kith eval 'days_since(created_at) > 30' --on customer --key @shop:17", "kith eval \"kind == 'person'\" --on customer"}},
      {"job", "batch programs of plugins: list, run", make_job, {"kith job list", "kith job run insight.rfm as_of=2026-12-31"}},
      {"run-due", "do the work that is due: events to workflows, stale values", make_run_due,
       {"kith run-due --until-idle", "kith run-due --max 4m --wait 20s -q"}},
      {"events", "what the core has for its host: emitted events and changes, until acknowledged", make_events,
       {"kith events --name retail.win_back_offer", "kith events --consumer mailer --limit 100 --ack --format jsonl"}},
      {"queue", "runs of workflows that wait, failed or are done; try one again", make_queue, {"kith queue dead", "kith queue retry 01912f7e-6a58-7c3e-9d1b-2f6f0c2f8a11"}},
  };
  return entries;
}

}  // namespace kith::cli
