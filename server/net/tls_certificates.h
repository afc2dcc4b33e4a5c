#pragma once

#include <chrono>
#include <memory>
#include <mutex>

#include "base/log.h"
#include "net/reader_threads.h"
#include "net/tls_context.h"
#include "net/workers.h"

namespace sallyport::net {

// The certificate that new connections are shown. When its files change, or when somebody asks,
// they are read again; a pair that is no good is logged and the one before stays. Connections that
// are open keep what they began with.
class TlsCertificates {
 public:
  // Reads the files at once and throws std::runtime_error with a sentence when they are no good.
  // `workers` and `log` must outlive the last run of the reader thread that watches.
  TlsCertificates(TlsFiles files, Workers& workers, const base::Log& log);
  ~TlsCertificates();

  TlsContext current() const;  // any thread

  // Any thread: the files are read again on a worker, changed or not.
  void reload();
  // Looks every `interval` whether the files are others, on `thread`. They are read when they have
  // stayed the same for one interval: a certificate and its key are replaced one after the other.
  void watch(ReaderThread& thread, std::chrono::milliseconds interval);

 private:
  struct State;
  static Task<> watch_files(std::shared_ptr<State> state, std::chrono::milliseconds interval);
  std::shared_ptr<State> state_;
};

}  // namespace sallyport::net
