// Reads as much of protobuf's text format as the conformance files of CEL use.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace kith::internal::expr::testing {

struct ProtoField {
  std::string name;                                       ///< "[type.googleapis.com/...]" for the content of an Any
  std::string scalar;                                     ///< decoded
  std::vector<ProtoField> fields;                         ///< of a message
  const ProtoField* find(std::string_view wanted) const;  ///< the first of this name, or nullptr
  std::string text(std::string_view wanted) const;        ///< its scalar, or ""
};

/// The fields of the whole file. Throws std::runtime_error with the line.
ProtoField read_textproto(const std::string& text);

}  // namespace kith::internal::expr::testing
