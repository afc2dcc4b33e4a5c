#include "net/reader_threads.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <string>

namespace sallyport::net {

ReaderThread::ReaderThread(unsigned number) : number_(number), work_(context_.get_executor()) {}

ReaderThread::~ReaderThread() {
  stop();
  join();
}

void ReaderThread::start() {
  if (thread_.joinable()) return;
  // A peer that is gone must be an error of one write, not the end of the process. Blocked here,
  // and not only ignored by main, so that a test or a library user who starts readers is safe too;
  // the new thread inherits the mask.
  sigset_t pipe;
  sigset_t before;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  thread_ = std::thread([this] {
    // No try block: an exception that gets here left a handler that is no coroutine (net::spawn
    // logs and contains theirs), so some state on this thread is half changed and every session on
    // it is suspect. The process ends at the place of the throw, with its stack in the core, and
    // the supervisor starts a clean one.
    [this]() noexcept { context_.run(); }();
  });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_setname_np(thread_.native_handle(), ("reader-" + std::to_string(number_)).c_str());
}

void ReaderThread::stop() { context_.stop(); }

void ReaderThread::join() {
  if (thread_.joinable()) thread_.join();
}

ReaderThreads::ReaderThreads(unsigned count) {
  if (count == 0) count = std::max(1U, std::thread::hardware_concurrency());
  threads_.reserve(count);
  for (unsigned number = 0; number < count; ++number) {
    threads_.push_back(std::make_unique<ReaderThread>(number));
  }
}

ReaderThreads::~ReaderThreads() {
  // All stop before any context is destroyed: what is destroyed with one may still post to another.
  stop();
}

void ReaderThreads::start() {
  for (auto& thread : threads_) thread->start();
}

void ReaderThreads::stop() {
  for (auto& thread : threads_) thread->stop();
  for (auto& thread : threads_) thread->join();
}

ReaderThread& ReaderThreads::least_loaded() {
  return **std::ranges::min_element(threads_, {},
                                    [](const auto& thread) { return thread->load(); });
}

}  // namespace sallyport::net
