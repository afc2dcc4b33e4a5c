#include "terminal/escape_state.h"

#include <cstring>

namespace sallyport::terminal {
namespace {

constexpr unsigned char kEsc = 0x1B;
// U+0080 to U+009F, the one-character forms of ESC @ to ESC _, begin with this byte in UTF-8.
constexpr unsigned char kC1Lead = 0xC2;

// The bytes before the first `byte` in `text`, or all.
std::size_t before(std::string_view text, unsigned char byte) {
  const void* found = std::memchr(text.data(), byte, text.size());
  return found == nullptr ? text.size()
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace

void EscapeState::after_c1_lead(unsigned char byte) {
  after_c1_lead_ = false;
  switch (byte) {
    case 0x9B:
      state_ = State::kControl;
      return;
    case 0x9D:
      state_ = State::kOsc;
      return;
    case 0x90:
    case 0x98:
    case 0x9E:
    case 0x9F:
      state_ = State::kString;
      return;
    default:
      break;
  }
  // The other controls, ST among them, are whole; a letter ends what cannot hold letters.
  const bool holds_letters = state_ == State::kOsc || state_ == State::kString;
  if (byte < 0xA0 || !holds_letters) state_ = State::kGround;
}

void EscapeState::step(unsigned char byte) {
  if (after_c1_lead_) return after_c1_lead(byte);
  if (byte == kC1Lead) {
    after_c1_lead_ = true;
    return;
  }
  if (byte == kEsc) {
    state_ = State::kEscape;
    return;
  }
  if (byte == 0x18 || byte == 0x1A) {  // CAN and SUB abort whatever there is
    state_ = State::kGround;
    return;
  }
  switch (state_) {
    case State::kGround:
      break;
    case State::kEscape:
      if (byte < 0x30 || byte == 0x7F) break;  // obeyed, ignored or an intermediate byte
      switch (byte) {
        case '[':
          state_ = State::kControl;
          break;
        case ']':
          state_ = State::kOsc;
          break;
        case 'P':
        case 'X':
        case '^':
        case '_':
          state_ = State::kString;
          break;
        default:
          state_ = State::kGround;
          break;
      }
      break;
    case State::kControl:
      if (byte >= 0x40 && byte != 0x7F) state_ = State::kGround;
      break;
    case State::kOsc:
      if (byte == 0x07) state_ = State::kGround;
      break;
    case State::kString:
      break;
  }
}

void EscapeState::advance(std::string_view utf8) {
  // An ESC begins anew whatever went before it, so only what follows the last one counts.
  if (const void* const last = memrchr(utf8.data(), kEsc, utf8.size())) {
    state_ = State::kEscape;
    after_c1_lead_ = false;
    utf8.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(last) - utf8.data()) + 1);
  }
  // Most of a stream is text in the ground state: two memchr() carry the parser over it. Each is
  // asked again only when the place it found has been passed.
  const char* const end = utf8.data() + utf8.size();
  const char* next_esc = nullptr;
  const char* next_c1 = nullptr;
  while (!utf8.empty()) {
    if (ground()) {
      if (next_esc == nullptr || next_esc < utf8.data())
        next_esc = utf8.data() + before(utf8, kEsc);
      if (next_c1 == nullptr || next_c1 < utf8.data())
        next_c1 = utf8.data() + before(utf8, kC1Lead);
      const char* next = next_esc < next_c1 ? next_esc : next_c1;
      utf8.remove_prefix(static_cast<std::size_t>(next - utf8.data()));
      if (next == end) return;
    }
    step(static_cast<unsigned char>(utf8[0]));
    utf8.remove_prefix(1);
  }
}

std::size_t EscapeState::advance_to_ground(std::string_view utf8) {
  std::size_t taken = 0;
  while (!ground() && taken < utf8.size()) step(static_cast<unsigned char>(utf8[taken++]));
  return taken;
}

}  // namespace sallyport::terminal
