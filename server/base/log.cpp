#include "base/log.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "base/json_text.h"

namespace sallyport::base {
namespace {

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

// "2026-01-31T09:00:00.000Z" (RFC 3339, UTC).
void append_now(std::string& out) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto since = now.time_since_epoch();
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(since).count();
  const auto millis = static_cast<int>(since.count() - seconds * 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 80> text{};
  const int length = std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                                   parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                                   parts.tm_hour, parts.tm_min, parts.tm_sec, millis);
  out.append(text.data(), static_cast<std::size_t>(length));
}

// U+007F to U+009F: a terminal that shows the log would obey them.
bool is_upper_control(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  return first == 0x7F ||
         (first == 0xC2 && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xA0);
}

// JSON string syntax in both formats. Values may be bytes of a host or a browser: what is no UTF-8
// becomes U+FFFD, and no control character stays itself.
void append_quoted(std::string& out, std::string_view bytes) {
  out += '"';
  while (!bytes.empty()) {
    std::string_view valid = bytes.substr(0, valid_utf8_prefix(bytes));
    std::size_t plain = 0;
    while (plain < valid.size() && !is_upper_control(valid.substr(plain))) ++plain;
    append_json_text(out, valid.substr(0, plain));
    if (plain < valid.size()) {
      const bool wide = static_cast<unsigned char>(valid[plain]) == 0xC2;
      const unsigned code = static_cast<unsigned char>(valid[plain + (wide ? 1 : 0)]);
      std::array<char, 8> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\u%04x", code);
      out += escaped.data();
      bytes.remove_prefix(plain + (wide ? 2 : 1));
    } else {
      bytes.remove_prefix(valid.size());
      if (bytes.empty()) break;
      out += "\\ufffd";
      bytes.remove_prefix(1);
    }
  }
  out += '"';
}

bool is_plain_word(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c >= 0x7F || c == '"' || c == '\\' || c == '=') return false;
  }
  return !text.empty();
}

void append_value(std::string& out, const LogField& field, LogFormat format) {
  if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
    out += std::to_string(*number);
    return;
  }
  const std::string_view text = std::get<std::string_view>(field.value);
  if (format == LogFormat::kText && is_plain_word(text)) {
    out += text;
  } else {
    append_quoted(out, text);
  }
}

}  // namespace

Log::Log(LogFormat format, LogLevel least, int fd) : format_(format), least_(least), fd_(fd) {}

void Log::event(LogLevel level, std::string_view name,
                std::initializer_list<LogField> fields) const {
  if (level < least_) return;
  std::string line;
  line.reserve(256);
  if (format_ == LogFormat::kText) {
    append_now(line);
    line += ' ';
    line += level_name(level);
    line += ' ';
    line += name;
    for (const LogField& field : fields) {
      line += ' ';
      line += field.name;
      line += '=';
      append_value(line, field, format_);
    }
  } else {
    line += R"({"time":")";
    append_now(line);
    line += R"(","level":")";
    line += level_name(level);
    line += R"(","event":)";
    append_quoted(line, name);
    for (const LogField& field : fields) {
      line += ',';
      append_quoted(line, field.name);
      line += ':';
      append_value(line, field, format_);
    }
    line += '}';
  }
  line += '\n';
  // One write is one line, whichever thread it comes from. A log that cannot be written (a closed
  // pipe, a full disk) must not end sessions: the line is lost.
  ssize_t written = -1;
  do {
    written = ::write(fd_, line.data(), line.size());
  } while (written < 0 && errno == EINTR);
}

void Log::info(std::string_view name, std::initializer_list<LogField> fields) const {
  event(LogLevel::kInfo, name, fields);
}
void Log::warning(std::string_view name, std::initializer_list<LogField> fields) const {
  event(LogLevel::kWarning, name, fields);
}
void Log::error(std::string_view name, std::initializer_list<LogField> fields) const {
  event(LogLevel::kError, name, fields);
}
void Log::debug(std::string_view name, std::initializer_list<LogField> fields) const {
  event(LogLevel::kDebug, name, fields);
}

}  // namespace sallyport::base
