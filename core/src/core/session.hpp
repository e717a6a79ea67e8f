// A core seen by one tenant and one actor. Idle, in a transaction of its own (begin ... commit), or leased to a
// plugin's body inside a transaction of somebody else's.
#pragma once
#include <atomic>
#include <boost/json/fwd.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/query.hpp"
#include "core/core.hpp"
#include "core/work.hpp"
#include "facts/import/import.hpp"

namespace kith::internal {

class ResultRows;

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Core> core, Core::Tenant tenant, std::string actor);
  /// Leased: works inside the transaction that is open; begin and commit are misuse.
  Session(std::shared_ptr<Core> core, access::Unit& unit, derive::Engine& derivations, facts::Transaction& facts,
          std::string actor);
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
  void cancel() noexcept;

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
  bool cancelled() const { return cancelled_; }
  bool in_transaction() const { return open_ != nullptr || leased_ != nullptr; }
  std::map<std::string, std::unique_ptr<facts::Import>>& imports() { return imports_; }

 private:
  friend class Core;
  struct Leased {
    access::Unit* unit;
    derive::Engine* derivations;
    facts::Transaction* facts;
  };
  void require_open_deadline();
  std::vector<derive::Wanted> freshen(const access::Query& query, access::Page& page, access::Unit& unit,
                                      derive::Engine& engine);
  void keep_computed(const std::vector<derive::Wanted>& computed);

  std::shared_ptr<Core> core_;
  Core::Tenant tenant_;
  std::string actor_;
  std::unique_ptr<Writing> open_;
  std::int64_t deadline_us_ = 0;  ///< on the steady clock
  std::unique_ptr<Leased> leased_;
  bool lease_over_ = false;
  std::atomic<bool> busy_{false};
  std::atomic<bool> cancelled_{false};
  std::map<std::string, std::unique_ptr<facts::Import>> imports_;
};

/// Rows of a result with what is needed to fetch further pages. Keeps its session's core alive.
class ResultRows {
 public:
  std::vector<access::Column> columns;
  std::vector<std::vector<Value>> rows;
  std::size_t next = 0;
  std::string cursor;  ///< behind the last row of `rows`; "" = the end
  /// Set for queries that span pages: fetches the next one into rows.
  std::function<bool(ResultRows&)> more;
  std::shared_ptr<Session> session;  ///< null: not of a session (events)
};

}  // namespace kith::internal
