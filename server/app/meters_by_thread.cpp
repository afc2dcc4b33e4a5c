#include "app/meters_by_thread.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <cassert>
#include <memory>
#include <utility>

namespace sallyport::app {
namespace {

// What came back so far; touched only on the thread that asked. It holds nothing of any event loop,
// so the loops may end in any order with a message of this still in them.
struct Gathering {
  std::vector<metrics::Snapshot> parts;
  std::size_t missing = 0;
  net::Timer* complete = nullptr;  // of the coroutine that waits until nothing is missing
};

}  // namespace

MetersByThread::MetersByThread(net::ReaderThreads& readers) {
  for (const auto& reader : readers.all()) {
    threads_.push_back({reader->executor(), metrics::Meters(labels_)});
  }
}

metrics::Meters& MetersByThread::on(const net::Executor& executor) {
  const auto found = std::ranges::find(threads_, executor, &Thread::executor);
  assert(found != threads_.end());
  return found->meters;
}

net::Task<std::vector<metrics::Snapshot>> MetersByThread::gather() {
  const net::Executor home = co_await boost::asio::this_coro::executor;
  net::Timer complete(home, net::Timer::time_point::max());
  const auto gathering = std::make_shared<Gathering>();
  gathering->missing = threads_.size();
  gathering->complete = &complete;
  for (const Thread& thread : threads_) {
    boost::asio::post(thread.executor, [&thread, home, gathering] {
      boost::asio::post(home, [gathering, part = thread.meters.snapshot()]() mutable {
        gathering->parts.push_back(std::move(part));
        if (--gathering->missing == 0) gathering->complete->cancel();
      });
    });
  }
  while (gathering->missing > 0) {
    boost::system::error_code cancelled;
    co_await complete.async_wait(boost::asio::redirect_error(net::use_task, cancelled));
  }
  co_return std::move(gathering->parts);
}

}  // namespace sallyport::app
