#include "facts/import/mapping/mapping_keys.hpp"

#include <boost/json.hpp>

namespace kith::internal::facts {

namespace {

using catalog::Key;
using catalog::Presence;
using catalog::Shape;
using catalog::Table;

constexpr Presence kRequired = Presence::required;
constexpr Presence kOptional = Presence::optional;
constexpr Presence kLater = Presence::later;

constexpr Key kInputKeys[] = {
    {"format", Shape::choice, kOptional, nullptr, "csv jsonl"},
    {"encoding", Shape::text},
    {"delimiter", Shape::text},
    {"header", Shape::boolean},
    {"time_zone", Shape::text},
    {"guarded", Shape::boolean},
    {"null_values", Shape::text_list},
    {"fields", Shape::text_list},
};
constexpr Table kInput{"input", "input", kInputKeys};

constexpr Key kKeyKeys[] = {
    {"external_id", Shape::literal},
    {"fields", Shape::text_list},
};
constexpr Table kKey{"key", "a key", kKeyKeys};

constexpr Key kNumberKeys[] = {
    {"decimal", Shape::text, kRequired},
    {"group", Shape::text},
};
constexpr Table kNumber{"number_form", "a form of numbers", kNumberKeys};

constexpr Key kTransformKeys[] = {
    {"from", Shape::text, kRequired},
    {"date", Shape::text_list},
    {"map", Shape::literal},
    {"map_file", Shape::text, kLater},
    {"else", Shape::choice, kOptional, nullptr, "reject leave_empty drop keep"},
    {"number", Shape::object, kOptional, &kNumber},
    {"true", Shape::text_list},
    {"false", Shape::text_list},
    {"on_empty", Shape::choice, kOptional, nullptr, "keep clear"},
    {"split", Shape::text},
    {"phone_region", Shape::text},
    {"on_error", Shape::choice, kOptional, nullptr, "reject leave_empty reject_part"},
};
constexpr Table kTransform{"transform", "a transform", kTransformKeys};

constexpr Key kRecordRefKeys[] = {{"record", Shape::identifier, kRequired}};
constexpr Table kRecordRef{"record_ref", "a record of the row", kRecordRefKeys};

constexpr Key kRecordKeys[] = {
    {"id", Shape::identifier, kRequired},
    {"type", Shape::name, kRequired},
    {"when", Shape::expression},
    {"mode", Shape::choice, kOptional, nullptr, "create upsert append_if_changed"},
    {"key", Shape::object, kOptional, &kKey},
    {"else_match", Shape::literal, kLater},
    {"set", Shape::literal, kRequired},
    {"on_empty", Shape::choice, kOptional, nullptr, "keep clear"},
    {"when_present", Shape::literal},
    {"states", Shape::choice, kOptional, nullptr, "follow initial_only force"},
    {"reason", Shape::literal},
    {"event", Shape::literal},
};
constexpr Table kRecord{"record", "a record", kRecordKeys};

constexpr Key kRelationshipKeys[] = {
    {"when", Shape::expression},
    {"from", Shape::object, kRequired, &kRecordRef},
    {"type", Shape::name, kRequired},
    {"to", Shape::object, kRequired, &kRecordRef},
};
constexpr Table kRelationship{"relationship", "a relationship", kRelationshipKeys};

constexpr Key kOptionKeys[] = {
    {"automation", Shape::choice, kOptional, nullptr, "run suppress"},
    {"duplicates", Shape::choice, kOptional, nullptr, "off", "warn block"},
    {"batch", Shape::integer},
    {"max_rejects", Shape::integer},
    {"reject_file", Shape::text},
};
constexpr Table kOptions{"options", "options", kOptionKeys};

constexpr Key kMappingKeys[] = {
    {"$schema", Shape::text},
    {"id", Shape::identifier, kRequired},
    {"source", Shape::identifier, kRequired},
    {"label", Shape::label},
    {"input", Shape::object, kOptional, &kInput},
    {"skip_when", Shape::expression},
    {"records", Shape::list, kRequired, &kRecord},
    {"relationships", Shape::list, kOptional, &kRelationship},
    {"options", Shape::object, kOptional, &kOptions},
};
constexpr Table kMapping{"mapping", "a mapping", kMappingKeys};

}  // namespace

const Table& mapping_table() { return kMapping; }
const Table& mapping_transform_table() { return kTransform; }
const Table& mapping_record_ref_table() { return kRecordRef; }

std::string text_under(const boost::json::object& object, std::string_view key, std::string otherwise) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::move(otherwise);
}

std::vector<std::string> texts_under(const boost::json::object& object, std::string_view key) {
  std::vector<std::string> texts;
  const boost::json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_array()) return texts;
  for (const boost::json::value& element : value->get_array()) {
    if (element.is_string()) texts.emplace_back(element.get_string());
  }
  return texts;
}

}  // namespace kith::internal::facts
