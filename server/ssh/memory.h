#pragma once

#include <cstddef>

namespace sallyport::ssh {

// libssh2's allocator for one connection. What it frees is wiped, since it held passwords and keys;
// what a host can make it hold is bounded, since libssh2 queues packets that nobody asked for
// without end.
class Memory {
 public:
  // Beyond this libssh2 is told that there is none left, which ends the connection: about 60 times
  // what a session needs.
  static constexpr std::size_t kLimit = 16 * 1024 * 1024;

  void* allocate(std::size_t bytes);
  void* resize(void* block, std::size_t bytes);
  void release(void* block);

  std::size_t used() const { return used_; }
  // From now on only small blocks (keys of a re-exchange) are wiped: the large ones are terminal
  // output.
  void login_is_over() { login_ = false; }

 private:
  std::size_t used_ = 0;
  bool login_ = true;
};

}  // namespace sallyport::ssh
