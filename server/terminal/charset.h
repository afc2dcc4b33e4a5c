#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace sallyport::terminal {

// A host's character encoding at the edge of the session (protocol rule 5). Inside, all is UTF-8.
class Charset {
 public:
  // `name` as in the wire's `encoding`: "utf-8", "gbk", "gb18030", "big5", "shift_jis", "euc-jp",
  // "euc-kr", "iso-8859-1", "iso-8859-15", "windows-1252", "koi8-r" ... Any case. Unknown: error
  // with a sentence that lists what is known.
  static std::expected<Charset, std::string> named(std::string_view name);
  Charset(Charset&&) noexcept;
  Charset& operator=(Charset&&) noexcept;
  ~Charset();

  // Appends to `out` the UTF-8 of all whole characters in what was held back and `bytes`. A
  // character split over two calls is held until whole; an invalid byte becomes U+FFFD. For UTF-8
  // the valid bulk is copied once.
  void decode(std::string_view bytes, std::string& out);
  // The end of the stream: an unfinished character becomes U+FFFD.
  void finish(std::string& out);
  // UTF-8 input of the page to the host's encoding; what the encoding has no character for becomes
  // '?'.
  void encode(std::string_view utf8, std::string& out) const;
  bool is_utf8() const;

 private:
  struct State;
  explicit Charset(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Text of a host for people (banner, prompt, error reason): invalid UTF-8 becomes U+FFFD, control
// characters other than line breaks and tabs become U+FFFD, and at most `limit` bytes stay.
std::string printable(std::string_view bytes, std::size_t limit);

}  // namespace sallyport::terminal
