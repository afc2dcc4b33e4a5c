#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "terminal/escape_state.h"

namespace sallyport::terminal {

// All a shell ever printed, as one line of UTF-8 bytes with absolute offsets; the newest `capacity`
// bytes are kept (up to 3 fewer, so that what is kept begins with a whole character). A viewer is a
// cursor (an offset) in it: queue, coalescing, replay and several viewers are this one class.
class OutputLog {
 public:
  // At least kLongestCharacter bytes; grows on demand up to it, so that an idle session is small.
  explicit OutputLog(std::size_t capacity);

  void append(std::string_view utf8);  // valid UTF-8, whole characters only

  std::uint64_t start() const { return start_; }  // offset of the oldest byte kept
  std::uint64_t end() const { return end_; }      // offset just after the newest byte
  bool has(std::uint64_t offset) const { return offset >= start() && offset <= end(); }

  // At most `limit` bytes from `offset` (start() <= offset <= end(), at a character's first byte),
  // whole characters, as one contiguous view (it may be shorter than what is kept: the ring wraps).
  // `limit` is at least kLongestCharacter. Valid until the next append(). Empty only at end().
  std::string_view read(std::uint64_t offset, std::size_t limit) const;

  // The first offset >= max(offset, start()) that lies inside no character and no escape sequence
  // (ECMA-48: ESC, CSI, OSC, DCS, APC, PM, SOS): where a viewer that fell out of the log may begin.
  // end() when a sequence is still open there.
  std::uint64_t safe_cut(std::uint64_t offset) const;

  static constexpr std::size_t kLongestCharacter = 4;  // bytes of UTF-8

 private:
  std::size_t position(std::uint64_t offset) const {
    return static_cast<std::size_t>(offset % size_);
  }
  void grow(std::size_t needed);
  void evict_to(std::uint64_t new_start, std::string_view incoming);
  void store(std::string_view bytes);
  template <class Visit>
  void visit(std::uint64_t from, std::uint64_t to, Visit&& each) const;

  // The byte at an offset is ring_[offset % size_]. The first bytes of a full ring are repeated
  // after its end, so that a character that begins before the wrap can be read as if the ring went
  // on.
  static constexpr std::size_t kRepeated = kLongestCharacter - 1;
  std::string ring_;  // size_ + kRepeated bytes
  std::size_t size_;  // <= capacity_; below it nothing has been evicted yet
  std::size_t capacity_;
  std::uint64_t start_ = 0;
  std::uint64_t end_ = 0;
  EscapeState before_start_;  // a parser's state after all that was evicted
};

}  // namespace sallyport::terminal
