#include "background.h"

#include <poll.h>

#include <utility>

namespace sallyport::bench {

Background::Background(std::vector<std::unique_ptr<Terminal>> terminals)
    : terminals_(std::move(terminals)), thread_([this] {
        try {
          read_all();
        } catch (...) {
          error_ = std::current_exception();
        }
      }) {}

Background::~Background() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void Background::stop() {
  stopping_ = true;
  thread_.join();
  if (error_) std::rethrow_exception(error_);
}

void Background::read_all() {
  constexpr int kLookUp = 100;  // ms, for stopping_
  std::vector<pollfd> waiting;
  for (const auto& terminal : terminals_) waiting.push_back({terminal->descriptor(), POLLIN, 0});
  std::string output;
  while (!stopping_) {
    if (poll(waiting.data(), waiting.size(), kLookUp) <= 0) continue;
    for (std::size_t at = 0; at < waiting.size(); ++at) {
      if (waiting[at].revents == 0) continue;
      do {
        terminals_[at]->read(output);
        received_ += output.size();
        output.clear();
      } while (terminals_[at]->buffered() && !stopping_);
    }
  }
}

}  // namespace sallyport::bench
