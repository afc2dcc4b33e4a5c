#include "terminal/output_log.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace sallyport::terminal {
namespace {

constexpr std::size_t kFirstSize = 1024;  // bytes: a banner, a greeting and a prompt

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

OutputLog::OutputLog(std::size_t capacity)
    : size_(0), capacity_(std::max(capacity, kLongestCharacter)) {
  grow(0);
}

// Only before the first byte is evicted: until then an offset is its own position, and no byte has
// to move.
void OutputLog::grow(std::size_t needed) {
  if (size_ == capacity_) return;
  std::size_t size = std::max(size_, std::min(kFirstSize, capacity_));
  while (size < needed && size < capacity_) size = std::min(size * 2, capacity_);
  if (size == size_) return;
  size_ = size;
  ring_.resize(size_ + kRepeated);
}

void OutputLog::append(std::string_view utf8) {
  if (utf8.empty()) return;
  const std::uint64_t new_end = end_ + utf8.size();
  if (new_end > size_) grow(static_cast<std::size_t>(std::min<std::uint64_t>(new_end, capacity_)));
  if (new_end - start_ > size_) evict_to(new_end - size_, utf8);
  // Of a text longer than the ring only the end stays; evict_to() has left end_ where that begins.
  store(utf8.substr(utf8.size() - static_cast<std::size_t>(new_end - end_)));
}

// Moves start_ to the first character at or after `new_start`. What falls out may reach into
// `incoming`, the text that follows end_: then that part is never stored and end_ moves with
// start_.
void OutputLog::evict_to(std::uint64_t new_start, std::string_view incoming) {
  const std::uint64_t kept = std::min(new_start, end_);
  visit(start_, kept, [this](std::string_view part) { before_start_.advance(part); });
  start_ = kept;
  // Characters are evicted whole. `before_start_` has seen the first bytes of one that was cut.
  while (start_ < end_ && is_continuation(ring_[position(start_)])) {
    before_start_.advance({&ring_[position(start_)], 1});
    ++start_;
  }
  if (new_start <= end_) return;
  std::size_t skipped = static_cast<std::size_t>(new_start - end_);
  while (skipped < incoming.size() && is_continuation(incoming[skipped])) ++skipped;
  before_start_.advance(incoming.substr(0, skipped));
  start_ = end_ = end_ + skipped;
}

void OutputLog::store(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t at = position(end_);
    const std::size_t count = std::min(bytes.size(), size_ - at);
    std::memcpy(ring_.data() + at, bytes.data(), count);
    if (at < kRepeated) {
      const std::size_t repeated = std::min(count, kRepeated - at);
      std::memcpy(ring_.data() + size_ + at, bytes.data(), repeated);
    }
    end_ += count;
    bytes.remove_prefix(count);
  }
}

std::string_view OutputLog::read(std::uint64_t offset, std::size_t limit) const {
  assert(has(offset) && limit >= kLongestCharacter);
  const auto kept = static_cast<std::size_t>(end_ - offset);
  const std::size_t at = position(offset);
  std::size_t count = std::min(kept, size_ - at);
  // A character that begins before the wrap goes on in the repeated bytes.
  while (count < kept && count < size_ - at + kRepeated && is_continuation(ring_[at + count])) {
    ++count;
  }
  if (count > limit) {
    count = limit;
    while (count > 0 && is_continuation(ring_[at + count])) --count;
  }
  return {ring_.data() + at, count};
}

template <class Visit>
void OutputLog::visit(std::uint64_t from, std::uint64_t to, Visit&& each) const {
  while (from < to) {
    const std::size_t at = position(from);
    const auto left = static_cast<std::size_t>(to - from);
    const std::size_t count = std::min(left, size_ - at);
    each(std::string_view(ring_.data() + at, count));
    from += count;
  }
}

std::uint64_t OutputLog::safe_cut(std::uint64_t offset) const {
  const std::uint64_t from = std::clamp(offset, start_, end_);
  EscapeState state = before_start_;
  visit(start_, from, [&](std::string_view part) { state.advance(part); });
  std::uint64_t cut = from;
  bool found = false;
  visit(from, end_, [&](std::string_view part) {
    while (!found && !part.empty()) {
      if (is_continuation(part[0])) {
        state.advance(part.substr(0, 1));
        part.remove_prefix(1);
        ++cut;
        continue;
      }
      if (state.ground()) {
        found = true;
        return;
      }
      const std::size_t taken = state.advance_to_ground(part);
      part.remove_prefix(taken);
      cut += taken;
    }
  });
  return cut;
}

}  // namespace sallyport::terminal
