#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::web {

// One header field; names and values are always our own words, never a peer's.
using Field = std::pair<std::string_view, std::string>;

// What a handler answers, before the server adds what every response carries (security_headers.h,
// Date, Connection).
struct Reply {
  unsigned status = 200;
  std::string type;           // Content-Type; empty when there is no body
  std::vector<Field> fields;  // Cache-Control, ETag, ...
  std::string text;           // a body made for this request, or
  std::string_view embedded;  // one that lives as long as the program
  std::string nonce;          // of a page with scripts or styles of its own; empty for all else
  std::string framers;        // who may frame such a page (security_headers.h); empty: nobody

  std::string_view body() const { return embedded.empty() ? std::string_view(text) : embedded; }
};

// "Not Found" for 404; RFC 9110, section 15, for those that are used here.
std::string_view reason_phrase(unsigned status);

// The status line and all fields of `reply` with the empty line that ends them (RFC 9112, sections
// 4 and 5). Content-Length is that of the body, sent or not (HEAD); 304 has none. `secure`: it goes
// over our own TLS, which the browser is told to insist on from now on (RFC 6797).
std::string head_of(const Reply& reply, bool keep_alive, bool secure = false);

// The moment as an IMF-fixdate (RFC 9110, section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::int64_t unix_seconds);

}  // namespace sallyport::web
