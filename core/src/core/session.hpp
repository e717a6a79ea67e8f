// A core seen by one tenant and one actor. Idle, in a transaction of its own (begin ... commit), or leased to a
// plugin's body inside a transaction of somebody else's.
#pragma once
#include <atomic>
#include <boost/json/fwd.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/aggregate/aggregation.hpp"
#include "access/query.hpp"
#include "core/body.hpp"
#include "core/core.hpp"
#include "core/work.hpp"
#include "facts/import/import.hpp"

namespace kith::internal {

class ResultRows;

class Session : public std::enable_shared_from_this<Session> {
 public:
  /// `outer`: what ends its calls, too; it outlives the session.
  Session(std::shared_ptr<Core> core, Core::Tenant tenant, std::string actor, const Stop* outer = nullptr);
  /// Leased to `body`: works inside the transaction that is open; begin, commit and rollback are misuse.
  Session(std::shared_ptr<Core> core, access::Unit& unit, derive::Engine& derivations, facts::Transaction& facts,
          std::string actor, std::string body);
  ~Session();

  /// Refuses a second thread and re-entry; counted in at the core. One per public call.
  class Use {
   public:
    explicit Use(Session& session);
    ~Use();
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    Core::Call call_;
    Session& session_;
  };

  void begin();
  void commit();
  void rollback() noexcept;
  void end_lease() noexcept {
    leased_.reset();
    lease_over_ = true;
  }
  /// What the body did wrong, or is out of time for, although it may say that all is well.
  std::optional<Problem> broken() const { return leased_ ? leased_->body.broken() : std::nullopt; }
  /// [any] The running call, if there is one, ends with `cancelled`; an open transaction that it worked in is rolled
  /// back.
  void cancel() noexcept;
  /// [any] Rolls back. A call that runs on another thread is cancelled and does so at its end.
  void close() noexcept;

  facts::Saved create(std::string_view type, const std::vector<facts::Input>& inputs);
  facts::Saved update(std::string_view type, const RecordId& id, std::int64_t version,
                      const std::vector<facts::Input>& inputs);
  void remove(std::string_view type, const RecordId& id, std::int64_t version);
  facts::Saved transition(std::string_view type, const RecordId& id, std::string_view lifecycle, std::string_view event,
                          const std::vector<facts::Input>& inputs);
  void relate(std::string_view from_type, const RecordId& from, std::string_view relationship, std::string_view to_type,
              const RecordId& to, const std::vector<facts::Input>& inputs);
  void unrelate(std::string_view from_type, const RecordId& from, std::string_view relationship,
                std::string_view to_type, const RecordId& to);
  void emit(std::string_view name, std::string_view type, const RecordId& about, std::string_view payload_json);

  std::unique_ptr<ResultRows> get(std::string_view type, const RecordId& id, const std::vector<std::string>& select);
  std::unique_ptr<ResultRows> query(access::QueryRequest request, bool as_stored);
  /// The groups of a list with their figures, derived values fresh unless `as_stored`.
  access::Aggregated aggregate(access::AggregationRequest request, bool as_stored);
  std::unique_ptr<ResultRows> explain(std::string_view type, const RecordId& id, std::string_view name);
  RecordId find(std::string_view type, std::string_view key);
  boost::json::object run(std::string_view verb, const boost::json::object& args);
  std::int64_t now();

  Core& core() const { return *core_; }
  const Core::Tenant& tenant() const { return tenant_; }
  const std::string& actor() const { return actor_; }

  // For the verbs and the result rows of this floor.
  using InWriting = std::function<void(access::Unit&, derive::Engine&, facts::Transaction&)>;
  using InReading = std::function<void(access::Unit&, derive::Engine&)>;
  /// In the open transaction; or in one of its own, committed.
  void writing(const InWriting& body);
  void reading(const InReading& body, std::optional<std::int64_t> now = std::nullopt);
  /// The request checked; parameters "type/id" become refs where the expression compares them with refs.
  std::unique_ptr<access::Query> prepare(access::QueryRequest& request);
  /// One page, its derived values fresh unless `as_stored`.
  access::Page page(const access::Query& query, bool as_stored);
  /// With these derivations fresh for every record, in one snapshot.
  void fresh(const std::vector<std::int32_t>& derivations, const InReading& body);
  const Stop& stop() const { return stop_; }
  void go_on() noexcept { stop_.clear(); }  ///< what remains to be noted of a cancelled call is done
  /// The jobs inside which this session works, the outermost first.
  const std::vector<std::string>& jobs() const { return jobs_; }
  void works_for(std::shared_ptr<const Session> outer, std::vector<std::string> jobs) {
    outer_ = std::move(outer);
    jobs_ = std::move(jobs);
  }
  store::WriterUse writer_use() const;  ///< for transactions of its calls
  bool in_transaction() const { return open_ != nullptr || leased_ != nullptr; }
  std::map<std::string, std::unique_ptr<facts::Import>>& imports() { return imports_; }

 private:
  friend class Core;
  template <class Checked, class Request>
  std::unique_ptr<Checked> checked(Request& request);
  struct Leased {
    access::Unit* unit;
    derive::Engine* derivations;
    facts::Transaction* facts;
    LentBody body;
  };
  void require_open_deadline();
  std::vector<derive::Wanted> freshen(const access::Query& query, access::Page& page, access::Unit& unit,
                                      derive::Engine& engine);
  void keep_computed(const std::vector<derive::Wanted>& computed);
  void keep_answered(Writing& work);
  void throw_if_stopped(const Error& error);
  Problem past_limit(std::string_view because) const;
  void give_way(std::uint64_t transaction) noexcept;
  void drop() noexcept;  ///< rolls back what is open

  std::shared_ptr<Core> core_;
  Core::Tenant tenant_;
  std::string actor_;
  std::shared_ptr<const Session> outer_;  ///< whose stop ends this one's calls, too
  Stop stop_;
  std::mutex state_;  ///< held by who enters, leaves, closes, or takes the transaction of a session that nobody uses
  bool busy_ = false;
  bool abandoned_ = false;
  std::unique_ptr<Writing> open_;              ///< heeds stop_, so it goes first
  std::atomic<std::uint64_t> transaction_{0};  ///< counts begins and ends: who waits for one never ends the next
  std::int64_t began_us_ = 0;                  ///< on the steady clock
  std::optional<Problem> lost_;                ///< why its transaction is gone; told by the next call
  std::unique_ptr<Leased> leased_;
  bool lease_over_ = false;
  std::vector<std::string> jobs_;
  std::map<std::string, std::unique_ptr<facts::Import>> imports_;
};

/// A name of a plugin that was taken out is no slip of the pen: the problem says whose it is. Returns where there is
/// none.
void throw_with_owner(const Core& core, const Error& error);

/// Rows of a result with what is needed to fetch further pages. Keeps its session's core alive.
class ResultRows {
 public:
  std::vector<access::Column> columns;
  std::vector<std::vector<Value>> rows;
  std::size_t next = 0;
  std::string cursor;        ///< behind the last row of `rows`; "" = the end
  std::uint64_t before = 0;  ///< rows of pages that came before these
  bool complete = true;      ///< no page follows
  /// Set for queries that span pages: fetches the next one into rows.
  std::function<bool(ResultRows&)> more;
  std::shared_ptr<Session> session;  ///< null: not of a session (events)
};

}  // namespace kith::internal
