#include "policy/brake.h"

#include <algorithm>

namespace sallyport::policy {

using std::chrono::milliseconds;

// The record of `key`; null: none, or it is forgotten by now.
Brake::Record* Brake::find(std::string_view key, Clock::time_point now) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  const auto record = found->second;
  if (now - record->last < options_.forget) return &*record;
  by_key_.erase(found);
  records_.erase(record);
  return nullptr;
}

milliseconds Brake::delay(unsigned failures) const {
  if (failures < options_.free) return milliseconds(0);
  milliseconds delay = options_.first;
  for (unsigned i = options_.free; i < failures && delay < options_.most; ++i) delay *= 2;
  return std::min(delay, options_.most);
}

milliseconds Brake::wait(std::string_view key, Clock::time_point now) {
  const Record* record = find(key, now);
  if (record == nullptr || record->until <= now) return milliseconds(0);
  return std::chrono::ceil<milliseconds>(record->until - now);
}

void Brake::begin(std::string_view key, Clock::time_point now) {
  if (Record* record = find(key, now)) record->until = now + delay(record->failures);
}

void Brake::failed(std::string_view key, Clock::time_point now) {
  if (Record* record = find(key, now)) {
    const auto at = by_key_.at(key);
    ++record->failures;
    record->last = now;
    record->until = now + delay(record->failures);
    records_.splice(records_.end(), records_, at);
    return;
  }
  if (options_.keys == 0) return;
  if (records_.size() >= options_.keys) {
    by_key_.erase(records_.front().key);
    records_.pop_front();
  }
  records_.push_back({std::string(key), 1, now, now + delay(1)});
  by_key_.emplace(records_.back().key, std::prev(records_.end()));
}

}  // namespace sallyport::policy
