#pragma once

#include <string_view>
#include <vector>

#include "web/reply.h"

namespace sallyport::web {

// What every response carries, errors too, so that no route can forget it: the content-security
// policy (CSP level 3), no sniffing, no referrer, no framing, no other origin's use of our bytes.
// With a `nonce` (base64url) the policy is the page's; without one nothing may run, load or be
// shown styled. `framers`: the sources of frame-ancestors (CSP level 3, section 6.4.2), such as
// "'self' https://portal.example.org"; empty: nobody.
std::vector<Field> security_headers(std::string_view nonce, std::string_view framers = {});

}  // namespace sallyport::web
