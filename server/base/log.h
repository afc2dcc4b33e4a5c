#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace sallyport::base {

enum class LogFormat { kText, kJson };
enum class LogLevel { kDebug, kInfo, kWarning, kError };

// One name=value of a log line. There is no way to make one from a Secret.
struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t> value;
  LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
  LogField(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
  template <class Int>
    requires std::is_integral_v<Int>
  LogField(std::string_view n, Int v) : name(n), value(static_cast<std::int64_t>(v)) {}
};

// Structured log lines, one per event, on stderr. Thread safe: each line is one write(2).
//   2026-01-31T09:00:00.000Z info session.opened session=3xQ… host=db-3 peer=10.0.0.9
// or the same as one JSON object per line. Control characters and line breaks in values are
// escaped, so that a host's or browser's text cannot forge a line.
class Log {
 public:
  Log(LogFormat format, LogLevel least, int fd = 2);
  void event(LogLevel level, std::string_view name,
             std::initializer_list<LogField> fields = {}) const;
  void info(std::string_view name, std::initializer_list<LogField> fields = {}) const;
  void warning(std::string_view name, std::initializer_list<LogField> fields = {}) const;
  void error(std::string_view name, std::initializer_list<LogField> fields = {}) const;
  void debug(std::string_view name, std::initializer_list<LogField> fields = {}) const;

 private:
  LogFormat format_;
  LogLevel least_;
  int fd_;
};

}  // namespace sallyport::base
