#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "net/task.h"
#include "protocol/frames.h"

namespace sallyport::session {

class Session;

// All sessions of the gateway: counts them, those that are being opened too, and admits no more
// than the limit; keeps those that run alive, whoever watches; finds them for who shows their
// token; and keeps the memory of all logs together below its limit. Thread safe; must outlive its
// slots and memberships.
class Registry {
 public:
  static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

  // `log_bytes`: for the logs of all sessions together.
  explicit Registry(std::size_t limit, std::size_t log_bytes = kNoLimit)
      : limit_(limit), log_limit_(log_bytes) {}

  // A place for one session; it is given back when the slot goes.
  class Slot {
   public:
    Slot(Slot&& other) noexcept
        : registry_(std::exchange(other.registry_, nullptr)), place_(std::move(other.place_)) {}
    Slot& operator=(Slot&&) = delete;
    ~Slot();
    // Something else that is given back with it.
    void keep(std::shared_ptr<const void> place) { place_ = std::move(place); }

   private:
    friend class Registry;
    explicit Slot(Registry& registry) : registry_(&registry) {}
    Registry* registry_;
    std::shared_ptr<const void> place_;
  };
  std::optional<Slot> admit();  // none: the gateway is full

  // What is known of a session, to whoever asks for it.
  struct Card {
    net::Executor home;  // of its reader thread
    std::string id;
    base::Secret token;  // for the keyboard
    base::Secret watch;  // to look on; empty: nobody may
    std::string host;
    unsigned port = 22;
    std::string username;
  };
  // A running session's place in the list; used on its own thread. The registry keeps the session
  // alive until leave().
  class Membership {
   public:
    Membership() = default;
    Membership(Membership&& other) noexcept;
    Membership& operator=(Membership&& other) noexcept;
    ~Membership() { leave(); }
    void set_attached(bool attached);
    void set_log_bytes(std::size_t bytes);
    void leave();

   private:
    friend class Registry;
    struct Entry;
    Registry* registry_ = nullptr;
    std::shared_ptr<Entry> entry_;
  };
  Membership join(std::shared_ptr<Session> session, Card card);

  struct Found {
    net::Executor home;
    std::weak_ptr<Session> session;  // to be locked on its own thread only
  };
  // None: there is no such session, or this is not its token.
  std::optional<Found> find(std::string_view id, const base::Secret& token, bool watch) const;
  protocol::Sessions list(const protocol::List& asked) const;

  std::size_t size() const { return size_.load(std::memory_order_relaxed); }
  std::size_t limit() const { return limit_; }
  std::size_t detached() const;
  std::size_t log_bytes() const { return log_bytes_.load(std::memory_order_relaxed); }
  std::size_t log_limit() const { return log_limit_; }

  // Blocks the caller (no reader thread) until there is no session, none being opened either, or
  // `limit` is over; whether there is none.
  bool wait_until_empty(std::chrono::milliseconds limit) const;
  void hang_up_all();  // on every session's own thread, soon
  void clear();        // when no reader thread runs any more

 private:
  using Entry = Membership::Entry;
  void reclaim();
  void give_back();

  const std::size_t limit_;
  const std::size_t log_limit_;
  std::atomic<std::size_t> size_{0};
  std::atomic<std::size_t> log_bytes_{0};
  std::atomic<bool> reclaiming_{false};
  mutable std::mutex mutex_;
  mutable std::condition_variable empty_;
  std::unordered_map<std::string, std::shared_ptr<Entry>> running_;
};

}  // namespace sallyport::session
