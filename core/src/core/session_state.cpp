// A session's states: idle, in a transaction of its own, lent to a body; in use by a thread, told to end, or past its
// time. The transaction belongs to the session, whichever thread begins, works and commits.
#include <algorithm>
#include <array>
#include <cctype>

#include "core/session.hpp"

namespace kith::internal {
namespace {

std::string seconds_text(std::int64_t us) {
  const std::int64_t tenths = us / 100'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

bool names(const std::string& text, const std::string& bundle) {
  const std::string prefix = bundle + ".";
  for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at + 1)) {
    const char before = at == 0 ? ' ' : text[at - 1];
    if (before != '_' && before != '.' && std::isalnum(static_cast<unsigned char>(before)) == 0) return true;
  }
  return false;
}

}  // namespace

void throw_with_owner(const Core& core, const Error& error) {
  constexpr std::array unknown = {ProblemNumber::unknown_name,     ProblemNumber::unknown_field,
                                  ProblemNumber::unknown_function, ProblemNumber::unknown_record_type,
                                  ProblemNumber::unknown_thing,    ProblemNumber::unknown_reference,
                                  ProblemNumber::bad_enum_value};
  std::vector<Problem> problems = error.problems();
  bool said = false;
  for (Problem& problem : problems) {
    if (std::find(unknown.begin(), unknown.end(), problem.number) == unknown.end()) continue;
    for (const std::string& bundle : core.orphaned())
      if (names(problem.message, bundle)) {
        problem.notes.push_back("owner  " + bundle + " is not loaded; its data is kept");
        // A name that sounds alike but is of another plugin is no help.
        if (!names(problem.fix, bundle)) problem.fix = "add " + bundle + " to kith.json again, or ask without it";
        said = true;
      }
  }
  if (said) throw Error(std::move(problems));
}

Session::Session(std::shared_ptr<Core> core, Core::Tenant tenant, std::string actor, const Stop* outer)
    : core_(std::move(core)), tenant_(std::move(tenant)), actor_(std::move(actor)), stop_(outer) {}

Session::Session(std::shared_ptr<Core> core, access::Unit& unit, derive::Engine& derivations, facts::Transaction& facts,
                 std::string actor, std::string body)
    : core_(std::move(core)),
      tenant_{unit.principal.tenant, unit.principal.tenant_number},
      actor_(std::move(actor)),
      leased_(std::make_unique<Leased>(Leased{&unit, &derivations, &facts, LentBody(std::move(body))})) {
  stop_.end_at(leased_->body.ends_at());
}

Session::~Session() = default;

Session::Use::Use(Session& session) : call_(session.core()), session_(session) {
  const std::scoped_lock lock(session_.state_);
  if (session_.busy_)
    throw Error(ProblemNumber::misuse,
                "the session is used by two threads at once, or again from inside one of its own calls",
                "open one session for each thread; sessions are cheap");
  if (session_.lease_over_)
    throw Error(ProblemNumber::closed, "the session was lent for the length of one plugin call, which is over",
                "use the session only until the body returns");
  if (session_.leased_) session_.leased_->body.calls();
  session_.busy_ = true;
  session_.stop_.clear();
}

Session::Use::~Use() {
  const std::scoped_lock lock(session_.state_);
  session_.busy_ = false;
  if (session_.abandoned_) session_.drop();
}

void Session::begin() {
  require_open_deadline();
  if (leased_) throw leased_->body.misused("begin");
  if (open_)
    throw Error(ProblemNumber::misuse, "a transaction is open already",
                "transactions don't nest: commit or roll back first");
  try {
    store::WriterUse use = writer_use();
    use.limit_us = kTransactionLimitUs;
    use.give_way = [weak = weak_from_this(), transaction = ++transaction_] {
      if (const auto session = weak.lock()) session->give_way(transaction);
    };
    open_ = std::make_unique<Writing>(*core_, tenant_, actor_, store::Cause{"call", 0, true, {}}, std::move(use));
    began_us_ = steady_us();
  } catch (const Error& error) {
    throw_if_stopped(error);
    throw;
  }
}

void Session::commit() {
  require_open_deadline();
  if (leased_) throw leased_->body.misused("commit");
  if (!open_) throw Error(ProblemNumber::misuse, "no transaction is open", "call begin first");
  try {
    open_->commit();
    drop();
  } catch (const Error& error) {
    throw_if_stopped(error);
    drop();  // whatever happens, it is over
    throw;
  } catch (...) {
    drop();
    throw;
  }
}

void Session::rollback() noexcept {
  lost_.reset();
  drop();
  if (!leased_) return;
  try {
    leased_->body.misused("rollback");
  } catch (const std::exception&) {
    return;  // no memory for the note
  }
}

store::WriterUse Session::writer_use() const {
  store::WriterUse use;
  use.who = writer_of(tenant_, actor_);
  use.stop = &stop_;
  return use;
}

void Session::drop() noexcept {
  open_.reset();
  ++transaction_;
}

Problem Session::past_limit(std::string_view because) const {
  Problem problem;
  problem.number = ProblemNumber::deadline_passed;
  problem.message = "the transaction of " + writer_of(tenant_, actor_) + " was open for " +
                    seconds_text(steady_us() - began_us_) + " and was rolled back" + std::string(because);
  problem.expected = "at most " + seconds_text(kTransactionLimitUs) + " from begin to commit";
  problem.fix = "keep slow work outside the transaction, then begin again";
  return problem;
}

void Session::require_open_deadline() {
  if (lost_) throw Error(*std::exchange(lost_, std::nullopt));
  if (!open_ || steady_us() <= began_us_ + kTransactionLimitUs) return;
  Problem problem = past_limit("");
  drop();
  throw Error(std::move(problem));
}

// By a thread that waits for the writer, past the limit. Whoever works in the session just now is told to end, and is
// asked again; a silent one loses its transaction here and hears of it with its next call.
void Session::give_way(std::uint64_t transaction) noexcept try {
  const std::scoped_lock lock(state_);
  if (transaction != transaction_) return;  // it ended meanwhile
  if (busy_) return stop_.request(Stop::Why::out_of_time);
  if (!open_ || steady_us() <= began_us_ + kTransactionLimitUs) return;
  lost_ = past_limit(", as others waited for the writer");
  drop();
} catch (const std::exception&) {
  drop();  // no memory for the reason; the others go on all the same
}

void Session::cancel() noexcept { stop_.request(Stop::Why::cancelled); }

void Session::close() noexcept {
  const std::scoped_lock lock(state_);
  abandoned_ = busy_;  // the call that runs rolls back at its end, which comes soon
  if (busy_) return stop_.request(Stop::Why::cancelled);
  drop();
}

// A call that was told to end is undone as a whole, and its caller hears why.
void Session::throw_if_stopped(const Error& error) {
  const Stop::Why why = stop_.why();
  if (error.number() != ProblemNumber::cancelled || why == Stop::Why::none) return;
  if (leased_) throw leased_->body.out_of_time();
  if (why == Stop::Why::out_of_time) {
    Problem problem = past_limit(", as others waited for the writer");
    drop();
    throw Error(std::move(problem));
  }
  const bool open = open_ != nullptr;
  drop();
  throw Error(ProblemNumber::cancelled,
              open ? "the call was cancelled, and the open transaction was rolled back" : "the call was cancelled",
              open ? "begin again" : "");
}

void Session::writing(const InWriting& body) try {
  require_open_deadline();
  if (!in_transaction()) {
    Writing work(*core_, tenant_, actor_, store::Cause{"call", 0, true, {}}, writer_use());
    body(work.unit(), work.derivations(), work.facts());
    work.commit();
    return;
  }
  // The pipeline checks before it writes: a refused step leaves nothing. One that fails after it began to write makes
  // the whole transaction refuse to go on.
  if (open_) return body(open_->unit(), open_->derivations(), open_->facts());
  leased_->body.writes();
  const store::Heeding heeding(leased_->unit->connection, &stop_);
  body(*leased_->unit, *leased_->derivations, *leased_->facts);
} catch (const Error& error) {
  throw_if_stopped(error);
  throw_with_owner(*core_, error);
  throw;
}

void Session::reading(const InReading& body, std::optional<std::int64_t> now) try {
  require_open_deadline();
  if (open_ && !now) return body(open_->unit(), open_->derivations());
  if (leased_ && !now) {
    const store::Heeding heeding(leased_->unit->connection, &stop_);
    return body(*leased_->unit, *leased_->derivations);
  }
  Reading work(*core_, tenant_, actor_, now, &stop_);
  body(work.unit(), work.derivations());
} catch (const Error& error) {
  throw_if_stopped(error);
  throw_with_owner(*core_, error);
  throw;
}

}  // namespace kith::internal
