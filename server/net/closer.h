#pragma once

#include <functional>
#include <utility>

namespace sallyport::net {

// What to close when the owner of a running coroutine gives up on it. The coroutine keeps it up to
// date as it goes from one socket to the next; close() closes the present one and every later one
// at once.
class Closer {
 public:
  // Replaces what close() does. After close() it is run at once.
  void on_close(std::function<void()> how) {
    how_ = std::move(how);
    if (closed_ && how_) std::exchange(how_, nullptr)();
  }
  void close() {
    closed_ = true;
    if (how_) std::exchange(how_, nullptr)();
  }
  bool closed() const { return closed_; }

 private:
  std::function<void()> how_;
  bool closed_ = false;
};

}  // namespace sallyport::net
