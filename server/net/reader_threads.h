#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "net/task.h"

namespace sallyport::net {

// One thread with one io_context. A browser's connection, its session and its SSH link live here
// and nowhere else.
class ReaderThread {
 public:
  explicit ReaderThread(unsigned number);
  ~ReaderThread();
  ReaderThread(const ReaderThread&) = delete;
  ReaderThread& operator=(const ReaderThread&) = delete;

  Executor executor() { return context_.get_executor(); }
  asio::io_context& context() { return context_; }
  unsigned number() const { return number_; }

  // Connections that live here; the listener gives a new one to the least loaded. Any thread.
  int load() const { return load_.load(std::memory_order_relaxed); }
  void add_load(int by) { load_.fetch_add(by, std::memory_order_relaxed); }

  void start();
  void stop();  // leaves run() after the handler that runs now
  void join();

 private:
  // Before the context: connections that are destroyed with it still give their load back.
  std::atomic<int> load_{0};
  unsigned number_;
  asio::io_context context_{1};  // concurrency hint: one thread runs it, others only post
  asio::executor_work_guard<Executor> work_;
  std::thread thread_;
};

class ReaderThreads {
 public:
  explicit ReaderThreads(unsigned count);  // 0: one per core
  ~ReaderThreads();                        // stops and joins
  void start();
  void stop();
  ReaderThread& least_loaded();
  std::vector<std::unique_ptr<ReaderThread>>& all() { return threads_; }

 private:
  std::vector<std::unique_ptr<ReaderThread>> threads_;
};

}  // namespace sallyport::net
