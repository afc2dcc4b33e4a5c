#include "base/secret.h"

#include <string.h>  // explicit_bzero

#include <cstddef>
#include <utility>

namespace sallyport::base {

void wipe(std::string& bytes) {
  // Growing to the capacity first makes what an earlier, longer content left behind part of the
  // string, and so of what is overwritten; it never moves to another allocation.
  bytes.resize(bytes.capacity());
  explicit_bzero(bytes.data(), bytes.size());
  bytes.clear();
}

// Moving a short std::string copies it and leaves the bytes in the source: each move here wipes its
// source.
Secret::Secret(std::string bytes) : bytes_(std::move(bytes)) { wipe(bytes); }

Secret Secret::take(std::string& bytes) {
  Secret secret;
  secret.bytes_ = std::move(bytes);
  wipe(bytes);
  return secret;
}

Secret::Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { wipe(other.bytes_); }

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(bytes_);
    bytes_ = std::move(other.bytes_);
    wipe(other.bytes_);
  }
  return *this;
}

Secret::~Secret() { wipe(bytes_); }

bool Secret::equals(std::string_view other) const {
  if (bytes_.size() != other.size()) return false;
  // volatile: the loop must not learn to stop at the first difference.
  volatile unsigned char difference = 0;
  for (std::size_t i = 0; i < other.size(); ++i) {
    const auto one = static_cast<unsigned char>(bytes_[i]);
    const auto two = static_cast<unsigned char>(other[i]);
    difference = static_cast<unsigned char>(difference | (one ^ two));
  }
  return difference == 0;
}

Secret Secret::duplicate() const {
  Secret copy;
  copy.bytes_ = bytes_;
  return copy;
}

}  // namespace sallyport::base
