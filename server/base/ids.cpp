#include "base/ids.h"

#include <sys/random.h>

#include <cerrno>
#include <string_view>
#include <system_error>

#include "base/secret.h"

namespace sallyport::base {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void fill_from_kernel(std::string& bytes) {
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = ::getrandom(bytes.data() + filled, bytes.size() - filled, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      // A gateway that cannot make unguessable tokens must not go on.
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    filled += static_cast<std::size_t>(got);
  }
}

}  // namespace

std::string random_id(std::size_t bytes) {
  std::string raw(bytes, '\0');
  fill_from_kernel(raw);
  std::string id;
  id.reserve((bytes * 4 + 2) / 3);
  unsigned pending = 0;  // bits not yet written, right-aligned
  unsigned count = 0;    // how many they are
  for (const char c : raw) {
    pending = (pending << 8) | static_cast<unsigned char>(c);
    count += 8;
    while (count >= 6) {
      count -= 6;
      id += kAlphabet[(pending >> count) & 63];
    }
    pending &= (1U << count) - 1;
  }
  if (count > 0) id += kAlphabet[(pending << (6 - count)) & 63];
  wipe(raw);
  return id;
}

}  // namespace sallyport::base
