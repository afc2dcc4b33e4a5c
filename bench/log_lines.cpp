#include "log_lines.h"

namespace sallyport::bench {
namespace {

std::string lines(std::size_t bytes, bool coloured) {
  std::string text;
  text.reserve(bytes + 256);
  for (unsigned line = 0; text.size() < bytes; ++line) {
    const auto number = std::to_string(line);
    if (coloured) {
      text += "\x1b[90m2026-01-31T09:00:00.000Z\x1b[0m \x1b[1;32mINFO\x1b[0m 请求 " + number +
              " 已完成 \xf0\x9f\x9a\x80 \x1b[36mGET\x1b[0m /api/v1/注文/" + number +
              " \x1b[33m200\x1b[0m 12 ms \xe2\x9c\x93\n";
    } else {
      text += "2026-01-31T09:00:00.000Z INFO  http.request id=" + number +
              " method=GET path=/api/v1/orders/" + number +
              " status=200 bytes=48213 ms=12 agent=\"Mozilla/5.0\"\n";
    }
  }
  // Cut at a line's end, so that no character is cut.
  text.resize(text.rfind('\n', bytes) + 1);
  return text;
}

}  // namespace

std::string log_lines(std::size_t bytes) { return lines(bytes, false); }
std::string coloured_lines(std::size_t bytes) { return lines(bytes, true); }

}  // namespace sallyport::bench
