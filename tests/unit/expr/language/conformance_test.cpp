// The conformance files of CEL: what is of our subset gives CEL's answer, and what is left out is listed with a reason.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <sstream>

#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "base/value/number.hpp"
#include "expr/evaluate/evaluate.hpp"
#include "unit/expr/language/textproto.hpp"

namespace kith::internal::expr::testing {
namespace {

namespace fs = std::filesystem;

/// The variables of one test, as the fields of a record.
class Variables : public Names, public RecordView {
 public:
  void add(const std::string& name, Type type, Value value) { fields_.push_back({name, type, std::move(value)}); }
  std::string record_type_name(std::int32_t) const override { return "test"; }
  std::optional<Member> member(std::int32_t, std::string_view name) const override {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i].name == name)
        return Member{MemberKind::field, static_cast<std::int32_t>(i), fields_[i].type, true};
    }
    return std::nullopt;
  }
  std::vector<std::string> member_names(std::int32_t) const override { return {}; }
  std::optional<LifecycleMembers> lifecycle(std::int32_t, std::string_view) const override { return std::nullopt; }
  std::vector<std::string> lifecycle_names(std::int32_t) const override { return {}; }
  std::optional<Member> segment(std::int32_t, std::string_view) const override { return std::nullopt; }
  std::vector<std::string> segment_names(std::int32_t) const override { return {}; }
  std::optional<Type> setting(std::string_view) const override { return std::nullopt; }
  std::vector<std::string> setting_names() const override { return {}; }
  std::optional<Type> parameter(std::string_view, std::string_view) const override { return std::nullopt; }
  std::vector<std::string> parameter_names() const override { return {}; }
  std::optional<FunctionSignature> function(std::string_view) const override { return std::nullopt; }
  std::vector<std::string> function_names() const override { return {}; }
  Value self() override { return Value::null(); }
  Timed get(std::int32_t member) override { return {fields_[static_cast<std::size_t>(member)].value, kForever}; }
  RecordView* follow(std::int32_t) override { return nullptr; }

 private:
  struct Field {
    std::string name;
    Type type;
    Value value;
  };
  std::vector<Field> fields_;
};

struct ProtoCase {
  std::string path;  ///< file/section/test
  std::string expression;
  const ProtoField* test = nullptr;
};

std::int64_t number_of(const std::string& text) { return read_integer(text).value_or(0); }

// nullopt: no value that our language has.
std::optional<Value> value_of(const ProtoField& message) {
  if (message.fields.empty()) return std::nullopt;
  const ProtoField& one = message.fields.front();
  if (one.name == "int64_value") return Value::integer(number_of(one.scalar));
  if (one.name == "bool_value") return Value::boolean(one.scalar == "true");
  if (one.name == "string_value") return Value::text(one.scalar);
  if (one.name == "null_value") return Value::null();
  if (one.name == "double_value") {
    std::istringstream in(one.scalar);
    double number = 0;
    return in >> number ? std::optional{Value::real(number)} : std::nullopt;
  }
  if (one.name != "object_value" || one.fields.size() != 1) return std::nullopt;
  const ProtoField& any = one.fields.front();
  const std::int64_t us = number_of(any.text("seconds")) * kMicrosPerSecond + number_of(any.text("nanos")) / 1000;
  if (any.name.find("google.protobuf.Timestamp]") != std::string::npos) return Value::timestamp(us);
  if (any.name.find("google.protobuf.Duration]") != std::string::npos) return Value::duration(us);
  return std::nullopt;
}

std::optional<Kind> kind_named(const std::string& name) {
  static const std::map<std::string, Kind> kinds = {{"INT64", Kind::integer},       {"DOUBLE", Kind::real},
                                                    {"STRING", Kind::text},         {"BOOL", Kind::boolean},
                                                    {"TIMESTAMP", Kind::timestamp}, {"DURATION", Kind::duration}};
  const auto found = kinds.find(name);
  return found == kinds.end() ? std::nullopt : std::optional{found->second};
}

std::optional<Kind> declared(const ProtoField& test, const std::string& name) {
  for (const ProtoField& field : test.fields) {
    if (field.name != "type_env" || field.text("name") != name) continue;
    const ProtoField* ident = field.find("ident");
    const ProtoField* type = ident == nullptr ? nullptr : ident->find("type");
    if (type == nullptr || type->fields.empty()) return std::nullopt;
    return kind_named(type->fields.front().scalar);
  }
  return std::nullopt;
}

// False where a variable has a type that our language does not have.
bool bind_variables(const ProtoField& test, Variables& variables) {
  for (const ProtoField& field : test.fields) {
    if (field.name != "bindings") continue;
    const ProtoField* outer = field.find("value");
    const ProtoField* inner = outer == nullptr ? nullptr : outer->find("value");
    const auto value = inner == nullptr ? std::nullopt : value_of(*inner);
    if (!value) return false;
    const auto kind = declared(test, field.text("key"));
    variables.add(field.text("key"), Type::of(kind.value_or(value->kind)), *value);
  }
  return true;
}

// Errors of types and names, which CEL without its checker finds when it runs.
bool is_refusal(const ProtoField& error) {
  static const std::regex words("no.such.overload|no.matching.overload|undeclared|unbound|unknown variable|unsupported",
                                std::regex::icase);
  const ProtoField* first = error.find("errors");
  return first != nullptr && std::regex_search(first->text("message"), words);
}

/// "" when it gives what CEL gives.
std::string run(const ProtoCase& one) {
  Variables variables;
  if (!bind_variables(*one.test, variables)) return "a variable has a type that we don't have";
  Scope scope;
  scope.names = &variables;
  scope.record_type = 0;
  std::vector<Diagnostic> diagnostics;
  const ProgramPtr program = compile(one.expression, scope, diagnostics);
  const ProtoField* error = one.test->find("eval_error");
  if (!program) {
    // What CEL finds when it runs, a wrong literal among it, we say when it is declared.
    const bool expected =
        error != nullptr && (is_refusal(*error) || diagnostics.front().number == ProblemNumber::bad_literal);
    return expected ? "" : "refused: " + diagnostics.front().message;
  }
  const Value seen = evaluate(*program, variables, Env{}).value;
  if (error != nullptr) return seen.is_unknown() ? "" : "an error was expected, but this gives " + to_text(seen);
  const ProtoField* message = one.test->find("value");
  const auto wanted = message == nullptr ? std::optional{Value::boolean(true)} : value_of(*message);
  if (!wanted) return "the result is of a type that we don't have";
  if (seen.is_unknown()) return "unknown in place of " + to_text(*wanted);
  return seen == *wanted ? ""
                         : std::string{kind_name(seen.kind)} + " " + to_text(seen) + " in place of " + to_text(*wanted);
}

struct Skip {
  bool by_expression = false;
  std::string pattern, reason;
  std::regex regex;
  int matched = 0;  ///< and not passed
};

// "expr REGEX | reason" or "test REGEX of file/section/test | reason".
std::vector<Skip> read_skips() {
  std::ifstream in(KITH_SOURCE_DIR "/tests/unit/expr/conformance_skips.txt");
  std::vector<Skip> skips;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::size_t bar = line.rfind(" | ");
    const bool by_expression = line.rfind("expr ", 0) == 0;
    if (bar == std::string::npos || (!by_expression && line.rfind("test ", 0) != 0)) {
      ADD_FAILURE() << "conformance_skips.txt has a line without a kind or a reason: " << line;
      continue;
    }
    const std::string pattern = line.substr(5, bar - 5);
    skips.push_back({by_expression, pattern, line.substr(bar + 3), std::regex(pattern), 0});
  }
  return skips;
}

std::vector<ProtoCase> read_cases(const fs::path& folder, std::vector<ProtoField>& files) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".textproto") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) {
    std::ifstream in(path);
    files.push_back(read_textproto({std::istreambuf_iterator<char>(in), {}}));
  }
  std::vector<ProtoCase> cases;
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (const ProtoField& section : files[i].fields) {
      if (section.name != "section") continue;
      for (const ProtoField& test : section.fields) {
        if (test.name != "test") continue;
        cases.push_back({paths[i].stem().string() + "/" + section.text("name") + "/" + test.text("name"),
                         test.text("expr"), &test});
      }
    }
  }
  return cases;
}

TEST(ConformanceTest, GivesTheAnswersOfCelInItsSubset) {
  const char* data = std::getenv("KITH_DATA");
  const fs::path folder = fs::path(data == nullptr ? KITH_SOURCE_DIR "/../shared/data" : data) / "cel-spec";
  if (!fs::exists(folder)) GTEST_SKIP() << "the conformance files are not in " << folder << " (set KITH_DATA)";
  std::vector<ProtoField> files;
  const std::vector<ProtoCase> cases = read_cases(folder, files);
  std::vector<Skip> skips = read_skips();
  int passed = 0, skipped = 0;
  std::map<std::string, int> reasons;
  for (const ProtoCase& one : cases) {
    const std::string failure = run(one);
    const auto skip = std::find_if(skips.begin(), skips.end(), [&](const Skip& s) {
      return std::regex_search(s.by_expression ? one.expression : one.path, s.regex);
    });
    if (skip == skips.end()) {
      passed += failure.empty() ? 1 : 0;
      EXPECT_EQ(failure, "") << one.path << ": " << one.expression;
      continue;
    }
    ++skipped;
    ++reasons[skip->reason];
    skip->matched += failure.empty() ? 0 : 1;
    EXPECT_FALSE(failure.empty() && !skip->by_expression)
        << one.path << " is listed as left out, but it passes: take it off the list";
  }
  for (const Skip& skip : skips)
    EXPECT_GT(skip.matched, 0) << "nothing is left out by '" << skip.pattern << "' any more: take it off the list";
  std::cout << "CEL conformance: " << cases.size() << " tests, run " << cases.size() - static_cast<std::size_t>(skipped)
            << ", passed " << passed << ", left out " << skipped << "\n";
  for (const auto& [reason, count] : reasons) std::cout << "  " << count << "  " << reason << "\n";
  EXPECT_GT(passed, 150);
}

}  // namespace
}  // namespace kith::internal::expr::testing
