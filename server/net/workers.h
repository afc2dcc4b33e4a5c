#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include "net/task.h"

namespace sallyport::net {

// Threads for what blocks (DNS, files, password hashes), so that no reader thread ever does.
class Workers {
 public:
  explicit Workers(unsigned threads) : threads_(threads) {}
  ~Workers();  // waits for what runs; what waits to be run is dropped

  // Starts the threads; the first work does so too. Not before: a process gives up rights for the
  // thread it does it on and for those that come later.
  void begin() { pool(); }

  // Runs `work` (no arguments, copies or owns all it touches) on a worker and resumes the caller on
  // its own reader thread with the result. Exceptions come along.
  template <class Work>
  Task<std::invoke_result_t<Work>> run(Work work);

  // Runs `work` on a worker and tells nobody. It must not throw.
  template <class Work>
  void start(Work work) {
    asio::post(pool(), std::move(work));
  }

 private:
  asio::thread_pool& pool();

  unsigned threads_;
  std::once_flag begun_;
  std::optional<asio::thread_pool> pool_;
};

template <class Work>
Task<std::invoke_result_t<Work>> Workers::run(Work work) {
  using T = std::invoke_result_t<Work>;
  co_return co_await asio::co_spawn(
      pool().get_executor(),
      [](Work w) -> asio::awaitable<T, asio::thread_pool::executor_type> {
        co_return w();
      }(std::move(work)),
      use_task);
}

}  // namespace sallyport::net
