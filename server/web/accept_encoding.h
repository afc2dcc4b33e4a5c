#pragma once

#include <optional>
#include <string_view>

namespace sallyport::web {

enum class Coding { kIdentity, kGzip, kBrotli };

// The content coding a response is sent in (RFC 9110, section 12.5.3): the one of highest weight
// the client takes among those there are, the smaller one when weights are equal (br, gzip, plain).
// Without the field, or when it refuses everything, it is plain: a body that can perhaps be read is
// better than none.
Coding choose_coding(std::optional<std::string_view> accept_encoding, bool has_gzip,
                     bool has_brotli);

}  // namespace sallyport::web
