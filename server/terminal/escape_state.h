#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sallyport::terminal {

// Where a terminal's parser stands in a stream of UTF-8 text (ECMA-48; the transitions are those of
// the DEC parser that xterm.js follows): only what is needed to know whether a stream may be cut
// here.
class EscapeState {
 public:
  bool ground() const { return state_ == State::kGround && !after_c1_lead_; }

  // Runs over all of `utf8`, which may begin and end inside a character.
  void advance(std::string_view utf8);
  // Runs until the parser is in its ground state, or to the end: returns the bytes it took.
  std::size_t advance_to_ground(std::string_view utf8);

 private:
  enum class State : std::uint8_t {
    kGround,
    kEscape,   // after ESC, and its intermediate bytes
    kControl,  // inside a CSI sequence
    kOsc,      // inside an OSC string, which BEL ends too
    kString,   // inside DCS, SOS, PM or APC
  };

  void step(unsigned char byte);
  void after_c1_lead(unsigned char byte);

  State state_ = State::kGround;
  bool after_c1_lead_ = false;  // the last byte was 0xC2
};

}  // namespace sallyport::terminal
