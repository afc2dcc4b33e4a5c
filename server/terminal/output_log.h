#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "terminal/escape_state.h"

namespace sallyport::terminal {

// All a shell ever printed, as one line of UTF-8 bytes with absolute offsets; the newest `capacity`
// bytes are kept, and up to a block more. A viewer is a cursor (an offset) in it: queue,
// coalescing, replay and several viewers are this one class. It lives in blocks, so that memory
// follows what is kept, and each block begins with a whole character.
class OutputLog {
 public:
  static constexpr std::size_t kLongestCharacter = 4;    // bytes of UTF-8
  static constexpr std::size_t kBlockBytes = 32 * 1024;  // of all but the first few blocks

  // `block`: at least kLongestCharacter.
  explicit OutputLog(std::size_t capacity, std::size_t block = kBlockBytes);

  void append(std::string_view utf8);  // valid UTF-8, whole characters only
  // Nothing is kept; offsets go on, and the rest of an open escape sequence will not be kept
  // either.
  void forget();

  std::uint64_t start() const { return start_; }  // offset of the oldest byte kept
  std::uint64_t end() const { return end_; }      // offset just after the newest byte
  bool has(std::uint64_t offset) const { return offset >= start() && offset <= end(); }
  bool begins_character(std::uint64_t offset) const;  // of those kept; end() does
  std::size_t memory() const { return memory_; }      // bytes held for it

  // At most `limit` bytes from `offset` (start() <= offset <= end(), at a character's first byte),
  // whole characters, as one contiguous view (it may be shorter than what is kept: it ends with its
  // block). `limit` is at least kLongestCharacter. Valid until the next append() or forget(). Empty
  // only at end().
  std::string_view read(std::uint64_t offset, std::size_t limit) const;

  // The first offset >= max(offset, start()) that lies inside no character and no escape sequence
  // (ECMA-48: ESC, CSI, OSC, DCS, APC, PM, SOS): where a viewer that fell out of the log may begin.
  // end() when a sequence is still open there.
  std::uint64_t safe_cut(std::uint64_t offset) const;

 private:
  struct Block {
    std::uint64_t start = 0;
    std::size_t used = 0, size = 0;
    std::unique_ptr<char[]> bytes;
    std::string_view text() const { return {bytes.get(), used}; }
  };
  std::string_view skip_sequence(std::string_view utf8);
  void add_block();
  void evict();
  std::size_t block_at(std::uint64_t offset) const;
  template <class Visit>
  void visit(std::uint64_t from, std::uint64_t to, Visit&& each) const;

  std::vector<Block> blocks_;  // the oldest first; those before first_ are gone
  std::size_t first_ = 0;
  Block spare_;  // an evicted one, for the next
  std::size_t capacity_;
  std::size_t block_;
  std::size_t memory_ = 0;
  std::uint64_t start_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t forgotten_ = 0;  // all before it, by forget()
  EscapeState before_start_;     // a parser's state after all that was evicted
};

}  // namespace sallyport::terminal
