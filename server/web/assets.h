#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "web/reply.h"

namespace sallyport::web {

// One file of the front end with its encoded forms; all views live as long as the program
// (embedded.h).
struct Asset {
  std::string_view name;  // as templates ask for it: "app.js"
  std::string_view
      file;  // relative to the page, content hash in the name: "assets/app-AB12CD34.js"
  std::string_view type;  // Content-Type
  std::string_view hash;  // of the content, for the ETag
  std::string_view plain;
  std::string_view brotli;  // empty when there is none
  std::string_view gzip;    // empty when there is none
};

// What a conditional, negotiated request says (RFC 9110, sections 12.5.3 and 13.1.2).
struct AssetQuery {
  std::optional<std::string_view> accept_encoding;
  std::optional<std::string_view> if_none_match;
};

class Assets {
 public:
  explicit Assets(std::span<const Asset> assets) : assets_(assets) {}

  // The URL of an asset relative to the page; nothing when there is none of that name.
  std::optional<std::string_view> url(std::string_view name) const;

  // 200 or 304 for "/assets/app-AB12CD34.js"; nothing when there is no such file. A name with a
  // content hash never changes its bytes, so it may be kept for a year and never asked for again.
  std::optional<Reply> reply(std::string_view path, const AssetQuery& query) const;

  std::span<const Asset> all() const { return assets_; }

 private:
  std::span<const Asset> assets_;
};

}  // namespace sallyport::web
