// The head of a mapping: what must be known before the file can be opened.
#include "facts/import/mapping/mapping.hpp"

#include <boost/json.hpp>

#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "catalog/manifest/shape.hpp"
#include "facts/import/mapping/mapping_keys.hpp"
#include "facts/import/source/text_source.hpp"

namespace kith::internal::facts {

namespace {

namespace json = boost::json;

void complain(const JsonDocument& document, const std::string& pointer, std::string message, std::string fix,
              Problems& problems) {
  Problem problem;
  problem.number = ProblemNumber::mapping_invalid;
  problem.message = std::move(message);
  problem.where = document.place(pointer);
  problem.fix = std::move(fix);
  problems.add(std::move(problem));
}

void read_input(const JsonDocument& document, const json::object& top, const catalog::Catalog& catalog,
                MappingInput& input, Problems& problems) {
  input.time_zone = catalog.time_zone;
  const json::value* value = top.if_contains("input");
  if (value == nullptr || !value->is_object()) return;
  const json::object& object = value->get_object();
  input.format = text_under(object, "format");
  input.encoding_said = object.contains("encoding");
  input.encoding = text_under(object, "encoding", input.encoding);
  input.delimiter = text_under(object, "delimiter", input.delimiter);
  input.time_zone = text_under(object, "time_zone", input.time_zone);
  if (const json::value* header = object.if_contains("header"); header != nullptr && header->is_bool())
    input.header = header->get_bool();
  if (const json::value* guarded = object.if_contains("guarded"); guarded != nullptr && guarded->is_bool())
    input.guarded = guarded->get_bool();
  if (object.contains("null_values")) input.null_values = texts_under(object, "null_values");
  input.fields = texts_under(object, "fields");
  if (!is_known_encoding(input.encoding)) {
    complain(document, "/input/encoding", "there is no encoding '" + input.encoding + "'",
             "say utf-8, utf-16, gb18030, latin1, ...", problems);
  }
  if (!is_time_zone(input.time_zone)) {
    complain(document, "/input/time_zone", "there is no time zone '" + input.time_zone + "'",
             "say one such as Asia/Shanghai", problems);
  }
  if (!input.header && input.fields.empty()) {
    complain(document, "/input/header", "a file without a header needs the names of its columns",
             "list them in \"fields\", in the order of the file", problems);
  }
}

void read_options(const JsonDocument& document, const json::object& top, MappingOptions& options, Problems& problems) {
  const json::value* value = top.if_contains("options");
  if (value == nullptr || !value->is_object()) return;
  const json::object& object = value->get_object();
  options.automation = text_under(object, "automation", "run") != "suppress";
  options.reject_file = text_under(object, "reject_file");
  if (const json::value* batch = object.if_contains("batch"); batch != nullptr && batch->is_int64())
    options.batch = batch->get_int64();
  if (const json::value* most = object.if_contains("max_rejects"); most != nullptr && most->is_int64())
    options.max_rejects = most->get_int64();
  if (options.batch < 1 || options.batch > 100'000) {
    complain(document, "/options/batch", "a batch has 1 to 100000 rows", "leave it out for 1000", problems);
  }
  if (object.contains("max_rejects") && options.max_rejects < 0) {
    complain(document, "/options/max_rejects", "max_rejects can't be negative", "leave it out for any number",
             problems);
  }
}

}  // namespace

Mapping read_mapping_head(const JsonDocument& document, const catalog::Catalog& catalog, Problems& problems) {
  Mapping mapping;
  mapping.file = document.file();
  mapping.hash = sha256_hex(document.text());
  if (!document.root().is_object()) {
    complain(document, "", "a mapping is a JSON object", "see sdk/schema/mapping.schema.json", problems);
    return mapping;
  }
  catalog::check_shape(document, document.root(), "", mapping_table(), problems);
  const json::object& top = document.root().get_object();
  mapping.id = text_under(top, "id");
  mapping.source = text_under(top, "source");
  read_input(document, top, catalog, mapping.input, problems);
  read_options(document, top, mapping.options, problems);
  return mapping;
}

}  // namespace kith::internal::facts
