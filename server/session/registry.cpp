#include "session/registry.h"

namespace sallyport::session {

Registry::Slot::~Slot() {
  if (registry_) registry_->size_.fetch_sub(1, std::memory_order_relaxed);
}

std::optional<Registry::Slot> Registry::admit() {
  // Count first, look after: two threads that race for the last place can both be told no, never
  // both yes.
  if (size_.fetch_add(1, std::memory_order_relaxed) >= limit_) {
    size_.fetch_sub(1, std::memory_order_relaxed);
    return std::nullopt;
  }
  return Slot(*this);
}

}  // namespace sallyport::session
