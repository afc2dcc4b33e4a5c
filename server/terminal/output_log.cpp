#include "terminal/output_log.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace sallyport::terminal {
namespace {

constexpr std::size_t kFirstBlock = 1024;  // bytes: a banner, a greeting and a prompt

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The longest beginning of `utf8` with at most `limit` bytes that ends with a whole character.
std::size_t whole_characters(std::string_view utf8, std::size_t limit) {
  if (utf8.size() <= limit) return utf8.size();
  while (limit > 0 && is_continuation(utf8[limit])) --limit;
  return limit;
}

}  // namespace

OutputLog::OutputLog(std::size_t capacity, std::size_t block)
    : capacity_(std::max(capacity, kLongestCharacter)),
      block_(std::max(block, kLongestCharacter)) {}

void OutputLog::append(std::string_view utf8) {
  if (start_ == end_ && !before_start_.ground()) utf8 = skip_sequence(utf8);
  while (!utf8.empty()) {
    if (blocks_.size() == first_) add_block();
    Block* last = &blocks_.back();
    std::size_t count = whole_characters(utf8, last->size - last->used);
    if (count == 0) {
      add_block();
      last = &blocks_.back();
      count = whole_characters(utf8, last->size);
    }
    std::memcpy(last->bytes.get() + last->used, utf8.data(), count);
    last->used += count;
    end_ += count;
    utf8.remove_prefix(count);
    evict();
  }
}

// Small blocks first, so that an idle session is small; together they double.
void OutputLog::add_block() {
  const std::size_t size = std::min(std::max(memory_, kFirstBlock), block_);
  Block block;
  if (spare_.size == size) {
    block = std::exchange(spare_, {});
  } else {
    memory_ -= std::exchange(spare_, {}).size;
    block.bytes = std::make_unique_for_overwrite<char[]>(size);
    block.size = size;
    memory_ += size;
  }
  block.start = end_;
  block.used = 0;
  blocks_.push_back(std::move(block));
}

void OutputLog::evict() {
  while (end_ - start_ >= capacity_ + blocks_[first_].used && first_ + 1 < blocks_.size()) {
    Block& oldest = blocks_[first_++];
    before_start_.advance(oldest.text());
    start_ += oldest.used;
    memory_ -= std::exchange(spare_, std::move(oldest)).size;
  }
  // Moved down only when half of the list is gone, so that each block moves once on average.
  if (first_ > 0 && first_ * 2 >= blocks_.size()) {
    blocks_.erase(blocks_.begin(), blocks_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

// The rest of an escape sequence whose beginning is forgotten is no text. One that does not end is
// none.
std::string_view OutputLog::skip_sequence(std::string_view utf8) {
  const std::size_t count = before_start_.advance_to_ground(utf8);
  start_ = end_ += count;
  if (end_ - forgotten_ > capacity_) before_start_ = {};
  return utf8.substr(count);
}

void OutputLog::forget() {
  visit(start_, end_, [this](std::string_view part) { before_start_.advance(part); });
  start_ = forgotten_ = end_;
  std::vector<Block>().swap(blocks_);
  first_ = 0;
  spare_ = {};
  memory_ = 0;
}

std::size_t OutputLog::block_at(std::uint64_t offset) const {
  const auto after =
      std::upper_bound(blocks_.begin() + static_cast<std::ptrdiff_t>(first_), blocks_.end(), offset,
                       [](std::uint64_t value, const Block& block) { return value < block.start; });
  return static_cast<std::size_t>(after - blocks_.begin()) - 1;
}

bool OutputLog::begins_character(std::uint64_t offset) const {
  assert(has(offset));
  if (offset == end_) return true;
  const Block& block = blocks_[block_at(offset)];
  return !is_continuation(block.bytes[static_cast<std::size_t>(offset - block.start)]);
}

std::string_view OutputLog::read(std::uint64_t offset, std::size_t limit) const {
  assert(has(offset) && limit >= kLongestCharacter);
  if (offset == end_) return {};
  const Block& block = blocks_[block_at(offset)];
  const auto rest = block.text().substr(static_cast<std::size_t>(offset - block.start));
  return rest.substr(0, whole_characters(rest, limit));
}

template <class Visit>
void OutputLog::visit(std::uint64_t from, std::uint64_t to, Visit&& each) const {
  if (from >= to) return;
  for (std::size_t at = block_at(from); from < to; ++at) {
    const Block& block = blocks_[at];
    const auto begin = static_cast<std::size_t>(from - block.start);
    const auto end = std::min(block.used, static_cast<std::size_t>(to - block.start));
    each(block.text().substr(begin, end - begin));
    from = block.start + end;
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
