#include "net/tls_session.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <cerrno>
#include <cstring>
#include <new>
#include <string_view>

namespace sallyport::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// What one TLS record carries (RFC 8446, section 5.1).
constexpr std::size_t kRecord = 16 * 1024;

// OpenSSL's own errors are many and say nothing a peer's log line needs beyond these words.
class TlsErrors final : public boost::system::error_category {
  const char* name() const noexcept override { return "tls"; }
  std::string message(int reason) const override {
    const char* words = ERR_reason_error_string(static_cast<unsigned long>(reason));
    return words ? words : "TLS error";
  }
};

error_code last_error() {
  static const TlsErrors category;
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  return {static_cast<int>(code), category};
}

// A small buffer and what follows it become one record: a frame's header would otherwise travel
// alone.
class Gathered {
 public:
  std::string_view gather(std::span<const asio::const_buffer> buffers, std::size_t offset) {
    for (const auto& buffer : buffers) {
      if (offset >= buffer.size()) {
        offset -= buffer.size();
        continue;
      }
      const char* begin = static_cast<const char*>(buffer.data()) + offset;
      const std::size_t left = buffer.size() - offset;
      offset = 0;
      if (used_ == 0 && (left >= kRecord || &buffer == &buffers.back())) {
        return {begin, std::min(left, kRecord)};
      }
      const std::size_t taken = std::min(left, kRecord - used_);
      std::memcpy(bytes_.data() + used_, begin, taken);
      used_ += taken;
      if (used_ == kRecord) break;
    }
    return {bytes_.data(), used_};
  }
  ~Gathered() { OPENSSL_cleanse(bytes_.data(), used_); }

 private:
  std::array<char, kRecord> bytes_;
  std::size_t used_ = 0;
};

}  // namespace

TlsSession::TlsSession(const TlsContext& context, int socket)
    : ssl_(SSL_new(context.get()), &SSL_free) {
  if (!ssl_ || SSL_set_fd(ssl_.get(), socket) != 1) throw std::bad_alloc();
  SSL_set_accept_state(ssl_.get());
}

TlsSession::Step TlsSession::judge(int result) const {
  const int system = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {.want = Want::kRead};
    case SSL_ERROR_WANT_WRITE:
      return {.want = Want::kWrite};
    case SSL_ERROR_ZERO_RETURN:
      return {.error = asio::error::eof};
    case SSL_ERROR_SYSCALL:
      ERR_clear_error();
      if (system == 0) return {.error = asio::error::eof};
      return {.error = {system, boost::system::system_category()}};
    default:
      return {.error = last_error()};
  }
}

TlsSession::Step TlsSession::handshake() {
  ERR_clear_error();
  errno = 0;
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) return {};
  return judge(result);
}

TlsSession::Step TlsSession::read(asio::mutable_buffer into) {
  if (into.size() == 0) return {};
  ERR_clear_error();
  errno = 0;
  std::size_t bytes = 0;
  const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
  if (result == 1) return {.bytes = bytes};
  return judge(result);
}

TlsSession::Step TlsSession::write(std::span<const asio::const_buffer> buffers, std::size_t& done) {
  if (broken_) return {.error = asio::error::broken_pipe};
  for (;;) {
    Gathered gathered;
    const std::string_view record = gathered.gather(buffers, done);
    if (record.empty()) return {.bytes = done};
    ERR_clear_error();
    errno = 0;
    std::size_t bytes = 0;
    const int result = SSL_write_ex(ssl_.get(), record.data(), record.size(), &bytes);
    if (result != 1) {
      Step step = judge(result);
      step.bytes = done;
      if (step.want == Want::kNothing) broken_ = true;
      return step;
    }
    done += bytes;
  }
}

void TlsSession::end_writing() {
  if (broken_) return;
  broken_ = true;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

std::string TlsSession::version() const { return SSL_get_version(ssl_.get()); }

std::string TlsSession::cipher() const { return SSL_get_cipher_name(ssl_.get()); }

}  // namespace sallyport::net
