#include "unit/store/support.hpp"

#include <unistd.h>

#include <cstdlib>

namespace kith::internal::store::testing {
namespace {

using catalog::Member;
using catalog::RecordType;
using catalog::Role;

Member field(const std::string& name, expr::Type type, const std::string& owner = "kith") {
  Member member;
  member.name = name;
  member.owner = owner;
  member.type = type;
  for (const char c : name) member.column.append(c == '.' ? "__" : std::string(1, c));
  return member;
}

expr::Type ref_to(std::int32_t record_type) {
  expr::Type type = expr::Type::of(Kind::ref);
  type.record_type = record_type;
  return type;
}

expr::Type money() {
  expr::Type type = expr::Type::of(Kind::money);
  type.currency = kEuro;
  return type;
}

Member enumeration(const std::string& name, std::vector<std::string> ids) {
  Member member = field(name, expr::Type::of(Kind::text));
  member.values = std::make_unique<expr::EnumValues>();
  member.values->ids = std::move(ids);
  member.type.values = member.values.get();
  return member;
}

RecordType customer(const Sample& sample) {
  RecordType type;
  type.number = kCustomerType;
  type.name = type.table = "customer";
  type.owner = "kith";
  type.members.push_back(field("name", expr::Type::of(Kind::text)));
  type.members.push_back(field("email", expr::Type::of(Kind::text)));
  type.members.back().unique = sample.unique_email;
  type.members.push_back(field("size", expr::Type::of(sample.size_is_double ? Kind::real : Kind::integer)));
  type.members.push_back(field("rating", expr::Type::of(Kind::real)));
  type.members.push_back(field("active", expr::Type::of(Kind::boolean)));
  type.members.push_back(field("born", expr::Type::of(Kind::date)));
  type.members.push_back(field("seen", expr::Type::of(Kind::timestamp)));
  type.members.push_back(field("credit_limit", money()));
  type.members.push_back(enumeration("kind", {"person", "organization"}));
  type.members.push_back(field("tags", expr::Type::of(Kind::json)));
  type.members.push_back(field("parent", ref_to(kCustomerType)));
  type.members.push_back(field("subject", ref_to(-1)));
  type.members.push_back(field("wait", expr::Type::of(Kind::duration)));
  return type;
}

void add_derived(RecordType& type, const std::string& name, expr::Type value, std::int32_t derivation) {
  Member member = field(name, value, "retail");
  member.role = Role::derived;
  member.derivation = derivation;
  type.members.push_back(std::move(member));
}

void add_retail(catalog::Catalog& catalog, const Sample& sample) {
  catalog.bundles.push_back({"retail", sample.retail_version, {}, {}, {}, false, ""});
  RecordType order;
  order.number = kOrderType;
  order.name = "retail.order";
  order.table = "retail__order";
  order.owner = "retail";
  order.members.push_back(field("number", expr::Type::of(Kind::text), "retail"));
  order.members.push_back(field("customer", ref_to(kCustomerType), "retail"));
  order.members.back().inverse = "retail.orders";
  order.members.push_back(field("total", money(), "retail"));
  order.unique_sets = {{kNumber, kCustomer}};

  RecordType& type = catalog.record_types[kCustomerType];
  Member orders = field("retail.orders", ref_to(kOrderType), "retail");
  orders.role = Role::child_set;
  orders.column.clear();
  orders.set_ref_member = kCustomer;
  type.members.push_back(std::move(orders));
  type.members.push_back(
      field("retail.tier", sample.tier_kind == Kind::money ? money() : expr::Type::of(sample.tier_kind), "retail"));
  add_derived(type, "retail.spend", sample.spend_kind == Kind::money ? money() : expr::Type::of(sample.spend_kind),
              kSpendRollup);
  add_derived(type, "retail.value", expr::Type::of(Kind::real), kValueScore);
  add_derived(type, "retail.value_band", expr::Type::of(Kind::text), kValueScore);
  if (sample.with_note) type.members.push_back(field("retail.note", expr::Type::of(Kind::text), "retail"));
  catalog.record_types.push_back(std::move(order));

  const auto derive = [&](const std::string& name, catalog::DerivationKind kind, std::int32_t member, std::int32_t band,
                          const std::string& fingerprint) {
    catalog::Derivation derivation;
    derivation.number = static_cast<std::int32_t>(catalog.derivations.size());
    derivation.kind = kind;
    derivation.name = name;
    derivation.owner = "retail";
    derivation.record_type = kCustomerType;
    derivation.member = member;
    derivation.band_member = band;
    derivation.fingerprint = fingerprint;
    catalog.derivations.push_back(std::move(derivation));
  };
  derive("retail.spend", catalog::DerivationKind::rollup, kSpend, -1, sample.spend_fingerprint);
  derive("retail.value", catalog::DerivationKind::score, kValue, kValueBand, "value 1");
  derive("retail.win_back#trigger", catalog::DerivationKind::trigger, -1, -1, "trigger 1");
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "kith-store-XXXXXX").string();
  path_ = mkdtemp(name.data());
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::shared_ptr<catalog::Catalog> sample_catalog(const Sample& sample) {
  auto catalog = std::make_shared<catalog::Catalog>();
  catalog->currency = kEuro;
  catalog->bundles.push_back({"kith", "0.1.0", {}, {}, {}, false, ""});
  catalog->record_types.push_back(customer(sample));
  if (sample.retail) add_retail(*catalog, sample);
  return catalog;
}

StoreOptions options_of(const std::string& path) {
  StoreOptions options;
  options.url = "sqlite:" + path;
  return options;
}

Store::Store(const std::string& path, const Sample& sample)
    : database(Database::open(options_of(path), log)), catalog(sample_catalog(sample)) {
  Writer writer = database->write(kWaitUs);
  Connection& connection = writer.connection();
  layout =
      std::make_unique<Layout>(catalog, apply_layout(connection, *catalog, plan_layout(connection, *catalog), kNow));
  tenant = tenant_number(connection, "acme", true);
  writer.commit();
}

RecordId Store::add_customer(const std::string& name, const std::string& email) {
  Writer writer = write();
  Record record{new_id(), true, empty_row(catalog->type(kCustomerType))};
  record.values[kName] = Value::text(name);
  if (!email.empty()) record.values[kEmail] = Value::text(email);
  records(writer).insert(kCustomerType, record);
  writer.commit();
  return record.id;
}

RecordId new_id() {
  static IdSource source;
  return source.next(kNow);
}

Row empty_row(const catalog::RecordType& type) { return Row(type.members.size()); }

std::int64_t integer(Connection& connection, const std::string& sql) {
  const StatementPtr row = connection.prepare(sql);
  return row->step() ? row->integer(0) : -1;
}

std::string text(Connection& connection, const std::string& sql) {
  const StatementPtr row = connection.prepare(sql);
  return row->step() ? std::string(row->text(0)) : std::string{};
}

}  // namespace kith::internal::store::testing
