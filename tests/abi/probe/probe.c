/* The probe in plain C11, against plugin.h alone: what every other language has to do. */
#include <kith/plugin.h>
#include <stdlib.h>
#include <string.h>

struct state {
  const kith_host* host;
  uint64_t factor;
  kith_function functions[9];
  kith_job jobs[1];
};

static kith_str text(const char* literal) {
  kith_str out = {literal, strlen(literal)};
  return out;
}
static int is_set(const kith_column* column, uint64_t row) {
  return !column->valid || (column->valid[row / 64] >> (row % 64) & 1u);
}
static int both_set(const kith_column* in, uint64_t row) { return is_set(&in[0], row) && is_set(&in[1], row); }
static void set(kith_output* out, uint64_t row) { out->valid[row / 64] |= (uint64_t)1 << (row % 64); }
static const int64_t* integers(const kith_column* column) { return column->data; }

static int32_t mix(void* state, kith_call* call, const kith_column* in, uint32_t n, kith_output* out) {
  (void)call, (void)n;
  for (uint64_t row = 0; row < out->rows; ++row) {
    if (!both_set(in, row)) continue;
    uint64_t mixed = (uint64_t)integers(&in[0])[row] * ((struct state*)state)->factor ^ (uint64_t)integers(&in[1])[row];
    memcpy((int64_t*)out->data + row, &mixed, sizeof mixed);
    set(out, row);
  }
  return KITH_OK;
}

static int32_t wave(void* state, kith_call* call, const kith_column* in, uint32_t n, kith_output* out) {
  (void)state, (void)call, (void)n;
  for (uint64_t row = 0; row < out->rows; ++row) {
    if (!both_set(in, row)) continue;
    double a = ((const double*)in[0].data)[row], b = ((const double*)in[1].data)[row], sum = 0;
    for (int i = 1; i <= 8; ++i) sum = sum * a + b / i - a * b;
    ((double*)out->data)[row] = sum / (b * b + 1);
    set(out, row);
  }
  return KITH_OK;
}

static int32_t label(void* state, kith_call* call, const kith_column* in, uint32_t n, kith_output* out) {
  const kith_host* host = ((struct state*)state)->host;
  (void)n;
  for (uint64_t row = 0; row < out->rows; ++row) {
    if (!both_set(in, row)) continue;
    uint32_t first = in[0].offsets[row + 1] - in[0].offsets[row], second = in[1].offsets[row + 1] - in[1].offsets[row];
    char* joined = malloc((size_t)first + second + 1);
    if (!joined) return host->fail(call, KITH_NO_MEMORY, text("out of memory"));
    memcpy(joined, (const char*)in[0].data + in[0].offsets[row], first);
    joined[first] = '/';
    memcpy(joined + first + 1, (const char*)in[1].data + in[1].offsets[row], second);
    kith_str value = {joined, (uint64_t)first + second + 1};
    host->put_text(call, out, row, value);
    free(joined);
  }
  return KITH_OK;
}

static int32_t shift(void* state, kith_call* call, const kith_column* in, uint32_t n, kith_output* out) {
  (void)state, (void)call, (void)n;
  for (uint64_t row = 0; row < out->rows; ++row) {
    if (!both_set(in, row)) continue;
    ((int64_t*)out->data)[row] = integers(&in[0])[row] + integers(&in[1])[row] % 1000;
    set(out, row);
  }
  return KITH_OK;
}

static int32_t span(void* state, kith_call* call, const kith_column* in, uint32_t n, kith_output* out) {
  (void)state, (void)call, (void)n;
  for (uint64_t row = 0; row < out->rows; ++row) {
    if (!both_set(in, row)) continue;
    ((int64_t*)out->data)[row] = integers(&in[1])[row] - integers(&in[0])[row];
    set(out, row);
  }
  return KITH_OK;
}

static int32_t worth(void* state, kith_call* call, const kith_column* in, uint32_t n, kith_output* out) {
  (void)state, (void)call, (void)n;
  for (uint64_t row = 0; row < out->rows; ++row) {
    if (!both_set(in, row)) continue;
    ((int64_t*)out->data)[row] = integers(&in[0])[row] * (integers(&in[1])[row] % 100);
    set(out, row);
  }
  return KITH_OK;
}

static int32_t both(void* state, kith_call* call, const kith_column* in, uint32_t n, kith_output* out) {
  (void)state, (void)call, (void)n;
  for (uint64_t row = 0; row < out->rows; ++row) {
    if (!both_set(in, row)) continue;
    ((uint8_t*)out->data)[row] = ((const uint8_t*)in[0].data)[row] && ((const uint8_t*)in[1].data)[row];
    set(out, row);
  }
  return KITH_OK;
}

static int32_t first_set(void* state, kith_call* call, const kith_column* in, uint32_t n, kith_output* out) {
  (void)state, (void)call, (void)n;
  for (uint64_t row = 0; row < out->rows; ++row) {
    for (uint32_t i = 0; i < 2; ++i) {
      if (!is_set(&in[i], row)) continue;
      ((int64_t*)out->data)[row] = integers(&in[i])[row];
      set(out, row);
      break;
    }
  }
  return KITH_OK;
}

static int32_t refuses(void* state, kith_call* call, const kith_column* in, uint32_t n, kith_output* out) {
  (void)n;
  for (uint64_t row = 0; row < out->rows; ++row) {
    if (!is_set(&in[0], row)) continue;
    if (integers(&in[0])[row] == 13)
      return ((struct state*)state)->host->fail(call, KITH_INVALID, text("13 brings bad luck"));
    ((int64_t*)out->data)[row] = integers(&in[0])[row];
    set(out, row);
  }
  return KITH_OK;
}

static int32_t count(void* state, kith_call* call, kith_session* session, kith_str args_json) {
  const kith_host* host = ((struct state*)state)->host;
  (void)session, (void)args_json;
  for (uint64_t i = 1; i <= 10; ++i) {
    if (host->cancelled(call)) return host->fail(call, KITH_CANCELLED, text("cancelled"));
    host->progress(call, i, 10);
  }
  return KITH_OK;
}

/* The one setting, from {"factor":31}. */
static uint64_t read_factor(kith_str settings) {
  uint64_t factor = 0;
  for (uint64_t i = 0; i < settings.len; ++i)
    if (settings.ptr[i] >= '0' && settings.ptr[i] <= '9') factor = factor * 10 + (uint64_t)(settings.ptr[i] - '0');
  return factor;
}

static void bind(struct state* state) {
  static const struct {
    const char *name, *signature;
    kith_function_body body;
  } all[] = {{"mix", "(int,int)->int", mix},
             {"wave", "(double,double)->double", wave},
             {"label", "(text,text)->text", label},
             {"shift", "(date,int)->date", shift},
             {"span", "(timestamp,timestamp)->duration", span},
             {"worth", "(money,int)->money", worth},
             {"both", "(bool,bool)->bool", both},
             {"first_set", "(int,int)->int", first_set},
             {"refuses", "(int)->int", refuses}};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) {
    state->functions[i].name = text(all[i].name);
    state->functions[i].signature = text(all[i].signature);
    state->functions[i].body = all[i].body;
  }
  state->jobs[0].name = text("count");
  state->jobs[0].body = count;
}

KITH_PLUGIN_EXPORT int32_t kith_plugin_entry_v0(const kith_host* host, kith_call* call, kith_str settings_json,
                                                kith_plugin* out);
int32_t kith_plugin_entry_v0(const kith_host* host, kith_call* call, kith_str settings_json, kith_plugin* out) {
  struct state* state = calloc(1, sizeof *state);
  if (!state) return host->fail(call, KITH_NO_MEMORY, text("out of memory"));
  state->host = host;
  state->factor = read_factor(settings_json);
  bind(state);
  out->struct_size = sizeof *out;
  out->abi_minor = out->abi_minor_least = KITH_ABI_MINOR;
  out->id = text("abi_probe");
  out->version = text("0.1.0");
  out->functions = state->functions;
  out->function_count = sizeof state->functions / sizeof state->functions[0];
  out->jobs = state->jobs;
  out->job_count = 1;
  out->state = state;
  out->close = free;
  return KITH_OK;
}
