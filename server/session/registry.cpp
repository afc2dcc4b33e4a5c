#include "session/registry.h"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "session/session.h"

namespace sallyport::session {

using Clock = std::chrono::steady_clock;

Registry::Slot::~Slot() {
  if (registry_) registry_->give_back();
}

void Registry::give_back() {
  if (size_.fetch_sub(1, std::memory_order_relaxed) != 1) return;
  const std::lock_guard lock(mutex_);
  empty_.notify_all();
}

bool Registry::wait_until_empty(std::chrono::milliseconds limit) const {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, limit, [this] { return size() == 0; });
}

std::optional<Registry::Slot> Registry::admit() {
  // Count first, look after: two threads that race for the last place can both be told no, never
  // both yes.
  if (size_.fetch_add(1, std::memory_order_relaxed) >= limit_) {
    give_back();
    return std::nullopt;
  }
  return Slot(*this);
}

// The card never changes; the rest is guarded by the registry's mutex.
struct Registry::Membership::Entry {
  Entry(std::shared_ptr<Session> s, Card c) : card(std::move(c)), session(std::move(s)) {}
  const Card card;
  std::shared_ptr<Session> session;
  bool attached = true;
  Clock::time_point detached_since{};
  std::size_t log_bytes = 0;
};

Registry::Membership::Membership(Membership&& other) noexcept
    : registry_(std::exchange(other.registry_, nullptr)), entry_(std::move(other.entry_)) {}

Registry::Membership& Registry::Membership::operator=(Membership&& other) noexcept {
  std::swap(registry_, other.registry_);
  std::swap(entry_, other.entry_);
  return *this;
}

Registry::Membership Registry::join(std::shared_ptr<Session> session, Card card) {
  Membership membership;
  membership.registry_ = this;
  membership.entry_ = std::make_shared<Entry>(std::move(session), std::move(card));
  const std::lock_guard lock(mutex_);
  running_.emplace(membership.entry_->card.id, membership.entry_);
  return membership;
}

void Registry::Membership::set_attached(bool attached) {
  if (!registry_) return;
  const std::lock_guard lock(registry_->mutex_);
  entry_->attached = attached;
  if (!attached) entry_->detached_since = Clock::now();
}

void Registry::Membership::set_log_bytes(std::size_t bytes) {
  if (!registry_ || entry_->log_bytes == bytes) return;
  const auto grown = bytes - entry_->log_bytes;  // modulo 2^64, as the sum is
  {
    const std::lock_guard lock(registry_->mutex_);
    entry_->log_bytes = bytes;
  }
  const auto sum = registry_->log_bytes_.fetch_add(grown, std::memory_order_relaxed) + grown;
  if (sum > registry_->log_limit_) registry_->reclaim();
}

void Registry::Membership::leave() {
  if (!registry_) return;
  Registry& registry = *std::exchange(registry_, nullptr);
  std::shared_ptr<Session> last;  // goes after the lock
  {
    const std::lock_guard lock(registry.mutex_);
    registry.running_.erase(entry_->card.id);
    registry.log_bytes_.fetch_sub(entry_->log_bytes, std::memory_order_relaxed);
    last = std::move(entry_->session);
  }
  entry_.reset();
}

// The output of whoever has been away the longest goes first; a live session's never.
void Registry::reclaim() {
  if (reclaiming_.exchange(true)) return;
  std::shared_ptr<Entry> oldest;
  std::weak_ptr<Session> session;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, entry] : running_) {
      if (entry->attached || entry->log_bytes == 0) continue;
      if (!oldest || entry->detached_since < oldest->detached_since) oldest = entry;
    }
    if (oldest) session = oldest->session;
  }
  if (!oldest) {
    reclaiming_ = false;
    return;
  }
  boost::asio::post(oldest->card.home, [this, session] {
    reclaiming_ = false;
    if (const auto running = session.lock()) running->forget_output();
    if (log_bytes() > log_limit_) reclaim();
  });
}

std::optional<Registry::Found> Registry::find(std::string_view id, const base::Secret& token,
                                              bool watch) const {
  const std::lock_guard lock(mutex_);
  const auto found = running_.find(std::string(id));
  if (found == running_.end()) return std::nullopt;
  const auto& entry = *found->second;
  const auto& wanted = watch ? entry.card.watch : entry.card.token;
  if (wanted.empty() || !wanted.equals(token.reveal())) return std::nullopt;
  return Found{entry.card.home, entry.session};
}

protocol::Sessions Registry::list(const protocol::List& asked) const {
  protocol::Sessions answer;
  const auto now = Clock::now();
  const std::lock_guard lock(mutex_);
  for (const auto& [id, token] : asked.sessions) {
    const auto found = running_.find(id);
    if (found == running_.end() || !found->second->card.token.equals(token.reveal())) continue;
    const auto& [card, session, attached, since, bytes] = *found->second;
    const auto away = attached ? Clock::duration(0) : now - since;
    answer.sessions.push_back(
        {id, card.host, card.port, card.username, attached,
         static_cast<std::uint64_t>(
             std::chrono::duration_cast<std::chrono::seconds>(away).count())});
  }
  return answer;
}

std::size_t Registry::detached() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::ranges::count_if(running_, [](const auto& one) { return !one.second->attached; }));
}

void Registry::hang_up_all() {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, entry] : running_) {
    boost::asio::post(entry->card.home, [weak = std::weak_ptr(entry->session)] {
      if (const auto session = weak.lock()) session->hang_up();
    });
  }
}

void Registry::clear() {
  std::vector<std::shared_ptr<Session>> last;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, entry] : running_) last.push_back(std::move(entry->session));
    running_.clear();
  }
}

}  // namespace sallyport::session
