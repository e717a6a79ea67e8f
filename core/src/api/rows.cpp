// Rows, texts and errors: what results are read by.
#include "api/functions.hpp"
#include "api/handles.hpp"

using namespace kith::internal;       // NOLINT(google-build-using-namespace)
using namespace kith::internal::api;  // NOLINT(google-build-using-namespace)

extern "C" {

int32_t kith_error_code(const kith_error* error) { return error ? error->code : KITH_OK; }
kith_str kith_error_text(const kith_error* error) { return error ? out(error->text) : kith_str{"", 0}; }
kith_str kith_error_json(const kith_error* error) { return error ? out(error->json) : kith_str{"", 0}; }
void kith_error_free(kith_error* error) { delete error; }

kith_str kith_text_str(const kith_text* t) { return t ? out(t->text) : kith_str{"", 0}; }
void kith_text_free(kith_text* t) { delete t; }

int32_t kith_rows_next(kith_rows* r, const kith_value** row, kith_error** e) {
  if (row) *row = nullptr;
  return guarded(e, [&]() -> std::int32_t {
    need(r != nullptr, "the rows handle");
    need(row != nullptr, "the place for the row");
    ResultRows& result = *r->result;
    if (result.next >= result.rows.size()) {
      if (!result.more) return KITH_END;
      const Session::Use use(*result.session);
      if (!result.more(result)) return KITH_END;
    }
    r->row.clear();
    for (const Value& v : result.rows[result.next]) r->row.push_back(to_c(v));
    ++result.next;
    *row = r->row.data();
    return KITH_OK;
  });
}
uint64_t kith_rows_width(const kith_rows* r) { return r ? r->result->columns.size() : 0; }
kith_str kith_rows_column(const kith_rows* r, uint64_t i) {
  return r && i < r->result->columns.size() ? out(r->result->columns[static_cast<std::size_t>(i)].name)
                                            : kith_str{"", 0};
}
uint32_t kith_rows_type(const kith_rows* r, uint64_t i) {
  if (!r || i >= r->result->columns.size()) return KITH_NULL;
  return to_c_type(r->result->columns[static_cast<std::size_t>(i)].type.kind);
}
uint64_t kith_rows_count(const kith_rows* r) {
  if (!r) return 0;
  return r->result->complete ? r->result->before + r->result->rows.size() : UINT64_MAX;
}
kith_str kith_rows_cursor(const kith_rows* r) { return r ? out(r->result->cursor) : kith_str{"", 0}; }
void kith_rows_free(kith_rows* r) { delete r; }

}  // extern "C"
