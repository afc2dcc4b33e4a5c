#pragma once

#include <cstddef>
#include <unordered_set>

namespace sallyport::ssh {

// libssh2's allocator for one connection. What it frees is wiped, since it held passwords and keys;
// what a host can make it hold is bounded, since libssh2 queues packets that nobody asked for
// without end.
class Memory {
 public:
  // Beyond this libssh2 is told that there is none left, which ends the connection: about 60 times
  // what a session needs.
  static constexpr std::size_t kLimit = 16 * 1024 * 1024;

  Memory() = default;
  // Frees what libssh2 lost: it forgets the host's key at each key re-exchange, and a host may ask
  // for those without end.
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  void* allocate(std::size_t bytes);
  void* resize(void* block, std::size_t bytes);
  void release(void* block);

  // Whole pages of `block` that hold only zeros go back to the system, which gives zeros again when
  // they are next touched. libssh2's session is 80 KB, most of it buffers for the longest packet,
  // all touched at its start and by most sessions never again.
  static void give_back_zeros(void* block);

  std::size_t used() const { return used_; }
  // From now on only small blocks (keys of a re-exchange) are wiped: the large ones are terminal
  // output.
  void login_is_over() { login_ = false; }

  // Off while libssh2 signs: it gives one of its blocks to OpenSSL's free, which this must not free
  // again.
  void keep_track(bool keep) { keeps_track_ = keep; }

 private:
  std::unordered_set<void*> blocks_;
  std::size_t used_ = 0;
  bool login_ = true;
  bool keeps_track_ = true;
};

}  // namespace sallyport::ssh
