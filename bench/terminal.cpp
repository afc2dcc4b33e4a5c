#include "terminal.h"

#include <poll.h>

#include <stdexcept>

namespace sallyport::bench {

void Terminal::read(std::string& out) {
  if (!read_within(out, kPatience)) throw std::runtime_error("no output for a minute");
}

bool Terminal::read_within(std::string& out, Clock::duration patience) {
  if (!rest_.empty()) {
    out += rest_;
    rest_.clear();
    return true;
  }
  const auto before = out.size();
  if (!receive(out, patience)) return false;
  arrived_ = Clock::now();
  received_ += out.size() - before;
  if (!by_hand_) acknowledge(received_);
  return true;
}

void Terminal::read_until(std::string_view marker) {
  std::string seen;
  for (std::size_t from = 0;;) {
    const auto at = seen.find(marker, from);
    if (at != std::string::npos) {
      rest_ = seen.substr(at + marker.size());
      return;
    }
    from = seen.size() < marker.size() ? 0 : seen.size() - marker.size() + 1;
    read(seen);
  }
}

bool Terminal::wait_readable(int descriptor, Clock::duration patience) {
  pollfd waiting{descriptor, POLLIN, 0};
  const timespec limit{std::chrono::floor<std::chrono::seconds>(patience).count(),
                       std::chrono::nanoseconds(patience % std::chrono::seconds(1)).count()};
  return ppoll(&waiting, 1, &limit, nullptr) > 0;
}

}  // namespace sallyport::bench
