#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::web {

// A web origin (RFC 6454, section 4): scheme and host in lower case, the port said or the scheme's
// own.
struct Origin {
  std::string scheme;  // "http" or "https"
  std::string host;  // a name, an IPv4 literal, or an IPv6 literal in its shortest form in brackets
  unsigned port = 0;
  bool operator==(const Origin&) const = default;
};

// `text` as the Origin field has it (RFC 6454, section 6.2): scheme://host[:port] and nothing after
// it. Nothing for "null", lists, other schemes, user names, paths, a trailing slash or dot, and
// anything malformed.
std::optional<Origin> parse_origin(std::string_view text);

// Who may open a terminal. A request is our own page's when its Origin is one of the listed, or
// equals the scheme it came by, "://" and Host and that Host is an IP literal or `localhost`: the
// two kinds of name that nobody else can make point at us.
class OriginRule {
 public:
  // Throws std::invalid_argument with a sentence when one of `allowed` is no origin.
  explicit OriginRule(const std::vector<std::string>& allowed);

  // `origin`: the Origin field, nothing when the request has none or more than one; `host`: the
  // Host field.
  // `scheme`: "http" or "https", whichever the browser spoke.
  bool allows(std::optional<std::string_view> origin, std::string_view host,
              std::string_view scheme) const;

 private:
  std::vector<Origin> allowed_;
};

}  // namespace sallyport::web
