#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>

namespace sallyport::session {

// Counts the sessions of the gateway, those that are being opened too, and admits no more than the
// limit. Thread safe; must outlive its slots.
class Registry {
 public:
  explicit Registry(std::size_t limit) : limit_(limit) {}

  // A place for one session; it is given back when the slot goes.
  class Slot {
   public:
    Slot(Slot&& other) noexcept : registry_(std::exchange(other.registry_, nullptr)) {}
    Slot& operator=(Slot&&) = delete;
    ~Slot();

   private:
    friend class Registry;
    explicit Slot(Registry& registry) : registry_(&registry) {}
    Registry* registry_;
  };

  std::optional<Slot> admit();  // none: the gateway is full
  std::size_t size() const { return size_.load(std::memory_order_relaxed); }
  std::size_t limit() const { return limit_; }

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> size_{0};
};

}  // namespace sallyport::session
