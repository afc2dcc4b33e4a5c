#include "host_programs.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <thread>

namespace sallyport::bench {
namespace {

constexpr std::size_t kDigits = 12;
constexpr std::size_t kPiece = 320 * kFloodLine;  // about what cat(1) writes at once

void append_line(std::string& out, std::uint64_t number) {
  constexpr std::string_view kWords =
      " INFO http.request method=GET path=/api/v1/orders status=200 bytes=48213 "
      "agent=\"none\"......";
  const auto start = out.size();
  out.append(kDigits, '0');
  for (std::size_t at = kDigits; at > 0 && number > 0; --at, number /= 10) {
    out[start + at - 1] = static_cast<char>('0' + number % 10);
  }
  out += kWords.substr(0, kFloodLine - kDigits - 1);
  out.append(start + kFloodLine - 1 - out.size(), '.');
  out += '\n';
}

bool print(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto taken = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(taken));
  }
  return true;
}

}  // namespace

void append_flood(std::string& out, std::uint64_t from, std::size_t count) {
  std::string lines;
  const std::uint64_t first = from / kFloodLine;
  const auto skip = static_cast<std::size_t>(from % kFloodLine);
  for (std::uint64_t number = first; lines.size() < skip + count; ++number) {
    append_line(lines, number);
  }
  out.append(lines, skip, count);
}

bool is_flood(std::string_view text, std::uint64_t from) {
  std::string expected;
  expected.reserve(text.size() + 2 * kFloodLine);
  append_flood(expected, from, text.size());
  return expected == text;
}

int run_host_program(const std::vector<std::string>& words) {
  using namespace std::chrono;
  const bool floods = words == std::vector<std::string>{"flood"};
  const bool prints = words.size() == 2 && words[0] == "print";
  if (!floods && !prints) {
    std::fprintf(stderr, "on-host: flood, or print N\n");
    return 2;
  }
  constexpr auto kTick = milliseconds(50);
  const std::size_t piece =
      floods ? kPiece : std::stoul(words[1]) / static_cast<std::size_t>(seconds(1) / kTick);
  std::string text;
  auto next = steady_clock::now();
  for (std::uint64_t at = 0;; at += piece) {
    text.clear();
    append_flood(text, at, piece);
    if (!print(text)) return 1;
    if (floods) continue;
    next += kTick;
    std::this_thread::sleep_until(next);
  }
}

}  // namespace sallyport::bench
