#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/assets.h"
#include "web/reply.h"

namespace sallyport::web {

// A host that appears on the login page.
struct PagePreset {
  std::string name;
  std::string host;
  unsigned port = 22;
  std::string username;
  bool identity = false;          // the gateway has its own credentials for it: none are asked
  std::string clipboard = "ask";  // what its output may do with it: ask, allow, never
};

// What the page's scripts are told when they start; all of it is public to whoever reaches the
// page.
struct Boot {
  std::string version;
  std::vector<PagePreset> presets;
};

// `boot` as JSON that may stand inside a <script> element: <, > and & are \u003c, \u003e and
// \u0026.
std::string boot_json(const Boot& boot);

// The HTML templates, filled in. {{asset:NAME}} and {{boot}} are filled once, {{nonce}} with each
// page.
class Pages {
 public:
  struct Templates {
    std::string_view index;  // templates/index.html
    std::string_view
        error;  // templates/error.html; it also has {{status}}, {{title}} and {{sentence}}
  };
  // Throws std::invalid_argument with a sentence when a template asks for an asset or a value that
  // does not exist.
  // `framers`: which pages may show this one in a frame, as in security_headers.h.
  Pages(const Templates& templates, const Assets& assets, const Boot& boot,
        std::string framers = {});

  // The page at "/".
  Reply index() const;
  // An error for whoever reads it: the sentence in a small page when `html`, else as plain text.
  Reply error(unsigned status, std::string_view sentence, bool html) const;

 private:
  // A template cut at the values that change with each page: text, name, text, name, ... text.
  using Pieces = std::vector<std::string>;
  static Pieces cut(std::string_view text, const Assets& assets, const std::string& boot,
                    const std::vector<std::string_view>& changing);

  Pieces index_;
  Pieces error_;
  std::string framers_;
};

}  // namespace sallyport::web
