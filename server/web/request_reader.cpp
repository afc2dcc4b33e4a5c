#include "web/request_reader.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <optional>

#include "net/deadline.h"
#include "web/field_list.h"

namespace sallyport::web {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Parser = http::request_parser<http::string_body>;

constexpr std::size_t kReadBytes = 4096;  // a browser's whole request, usually

constexpr Refusal kTooSlow{408, "too-slow", "The request did not arrive in time."};
constexpr Refusal kHeaderTooLarge{431, "header-too-large",
                                  "The request's header is larger than 16 KiB."};
constexpr Refusal kBodyTooLarge{413, "body-too-large",
                                "The request's content is larger than 64 KiB."};
constexpr Refusal kFraming{
    400, "framing",
    "The request says in two ways, or in one that is not known here, where its content ends."};
constexpr Refusal kNoHost{400, "host", "The request must have exactly one Host field."};

Refusal refusal_of(const error_code& error) {
  if (error == http::error::header_limit) return kHeaderTooLarge;
  if (error == http::error::body_limit || error == http::error::buffer_overflow)
    return kBodyTooLarge;
  if (error == http::error::bad_content_length || error == http::error::multiple_content_length ||
      error == http::error::bad_transfer_encoding)
    return kFraming;
  if (error == http::error::bad_version) {
    return {400, "version",
            "The request is in a version of HTTP that is not spoken here: take HTTP/1.1."};
  }
  if (error == http::error::bad_method || error == http::error::bad_target) {
    return {400, "request-line", "The request's first line is not one of HTTP/1.1."};
  }
  if (error == http::error::bad_field || error == http::error::bad_value ||
      error == http::error::bad_obs_fold) {
    return {400, "field", "A field of the request's header is malformed."};
  }
  return {400, "malformed", "The request is not one of HTTP/1.1."};
}

// What the parser lets through and we do not: two readers of one stream (a proxy in front and us)
// must never disagree about where a request ends (RFC 9112, section 11.2).
std::optional<Refusal> check_header(const Parser& parser) {
  const auto& header = parser.get();
  const auto codings = header.count(http::field::transfer_encoding);
  const auto lengths = header.count(http::field::content_length);
  const bool length = lengths > 0;
  if (lengths > 1) return kFraming;
  // The parser takes "5, 5" for 5, as RFC 9110, section 8.6 permits.
  if (length && !std::ranges::all_of(view(header[http::field::content_length]),
                                     [](char c) { return c >= '0' && c <= '9'; }))
    return kFraming;
  if (codings > 0) {
    if (codings > 1 || length || header.version() < 11) return kFraming;
    if (!equals_ignoring_case(view(header[http::field::transfer_encoding]), "chunked"))
      return kFraming;
  }
  const auto hosts = header.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && header.version() >= 11)) return kNoHost;
  return std::nullopt;
}

bool waits_to_be_asked(const Parser& parser) {
  return equals_ignoring_case(view(parser.get()[http::field::expect]), "100-continue");
}

}  // namespace

net::Task<error_code> RequestReader::read_some() {
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kReadBytes);
  error_code error;
  const std::size_t got =
      co_await stream_.async_read_some(asio::buffer(buffer_.data() + before, kReadBytes),
                                       asio::redirect_error(net::use_task, error));
  buffer_.resize(before + got);
  co_return error;
}

net::Task<bool> RequestReader::wait(std::chrono::milliseconds limit) {
  if (has_begun()) co_return true;
  // Nobody hears about it: a browser opens connections ahead of need, and an answer to none of its
  // requests confuses it.
  const net::Deadline deadline(stream_.get_executor(), limit, [this] {
    error_code ignored;
    stream_.close(ignored);
  });
  const error_code error = co_await read_some();
  co_return !error;
}

net::Task<RequestReader::Outcome> RequestReader::read(std::chrono::milliseconds limit) {
  // The read is cancelled and not the socket closed, so that the 408 can still be written. A cancel
  // that falls between two reads hits nothing: expired() is asked before each.
  const net::Deadline deadline(stream_.get_executor(), limit, [this] {
    error_code ignored;
    stream_.cancel(ignored);
  });
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(header_limit_));
  parser.body_limit(body_limit_);
  // Chunks cost more bytes than they carry (sizes, extensions, trailers); twice the content is more
  // than honest ones do.
  const std::size_t most_bytes = header_limit_ + 2 * body_limit_;
  std::size_t taken = 0;
  bool header_checked = false;

  while (true) {
    error_code error;
    if (!buffer_.empty()) {
      // Not eager: up to the end of the header, then (after the checks below) as much content as
      // there is.
      const std::size_t used =
          parser.put(asio::const_buffer(buffer_.data(), buffer_.size()), error);
      buffer_.erase(0, used);
      taken += used;
      if (error && error != http::error::need_more) co_return refusal_of(error);
    }
    // The parser's own limit counts the first line and the fields apart.
    if (!header_checked && taken + (parser.is_header_done() ? 0 : buffer_.size()) > header_limit_) {
      co_return kHeaderTooLarge;
    }
    if (parser.is_header_done() && !header_checked) {
      header_checked = true;
      if (auto refusal = check_header(parser)) co_return *refusal;
      if (!parser.is_done() && waits_to_be_asked(parser)) {
        co_return Received{.request = parser.release(), .content_unread = true};
      }
      parser.eager(true);
      if (!parser.is_done() && !buffer_.empty()) continue;
    }
    if (parser.is_done()) break;
    if (taken + buffer_.size() > most_bytes) co_return kBodyTooLarge;
    if (deadline.expired()) co_return kTooSlow;
    error = co_await read_some();
    if (error) {
      if (deadline.expired()) co_return kTooSlow;
      co_return Gone{};
    }
  }
  Received received{.request = parser.release()};
  received.request.body() = {};
  co_return received;
}

}  // namespace sallyport::web
