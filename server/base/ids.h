#pragma once

#include <cstddef>
#include <string>

namespace sallyport::base {

// `bytes` random bytes of the kernel (getrandom(2)) as base64url without padding (RFC 4648, section
// 5).
std::string random_id(std::size_t bytes);

inline constexpr std::size_t kSessionIdBytes = 12;  // a name, not a secret
inline constexpr std::size_t kTokenBytes = 32;      // 256 bits: what `attach` must show

}  // namespace sallyport::base
