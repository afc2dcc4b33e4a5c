#include "net/workers.h"

namespace sallyport::net {

asio::thread_pool& Workers::pool() {
  std::call_once(begun_, [this] { pool_.emplace(threads_); });
  return *pool_;
}

Workers::~Workers() {
  if (!pool_) return;
  pool_->stop();
  pool_->join();
}

}  // namespace sallyport::net
