#include "web/reply.h"

#include <array>
#include <ctime>

#include "web/security_headers.h"

namespace sallyport::web {
namespace {

// A year, as browsers' preload lists want it. Not for sub-domains: those are not ours to decide on.
constexpr std::string_view kStrictTransport = "max-age=31536000";

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 304:
      return "Not Modified";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 426:
      return "Upgrade Required";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
}

std::string http_date(std::int64_t unix_seconds) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  // By hand: strftime(3) would write the names in the language of the process.
  const std::time_t moment = static_cast<std::time_t>(unix_seconds);
  std::tm utc{};
  gmtime_r(&moment, &utc);
  const auto two = [](int number) {
    return std::string{static_cast<char>('0' + number / 10 % 10),
                       static_cast<char>('0' + number % 10)};
  };
  std::string date = kDays.at(static_cast<std::size_t>(utc.tm_wday));
  date += ", " + two(utc.tm_mday) + " " + kMonths.at(static_cast<std::size_t>(utc.tm_mon)) + " ";
  date += std::to_string(utc.tm_year + 1900) + " ";
  date += two(utc.tm_hour) + ":" + two(utc.tm_min) + ":" + two(utc.tm_sec) + " GMT";
  return date;
}

std::string head_of(const Reply& reply, bool keep_alive, bool secure) {
  std::string head;
  head.reserve(1536);
  head.append("HTTP/1.1 ").append(std::to_string(reply.status)).append(" ");
  head.append(reason_phrase(reply.status)).append("\r\n");
  append_field(head, "Date", http_date(std::time(nullptr)));
  append_field(head, "Connection", keep_alive ? "keep-alive" : "close");
  if (reply.status != 304)
    append_field(head, "Content-Length", std::to_string(reply.body().size()));
  if (!reply.type.empty()) append_field(head, "Content-Type", reply.type);
  for (const auto& [name, value] : reply.fields) append_field(head, name, value);
  for (const auto& [name, value] : security_headers(reply.nonce, reply.framers))
    append_field(head, name, value);
  if (secure) append_field(head, "Strict-Transport-Security", kStrictTransport);
  return head.append("\r\n");
}

}  // namespace sallyport::web
