#pragma once

#include <vector>

#include "metrics/meters.h"
#include "net/reader_threads.h"

namespace sallyport::app {

// What every reader thread measures, each for itself. Must outlive the sessions.
class MetersByThread {
 public:
  explicit MetersByThread(net::ReaderThreads& readers);

  // Those of the reader thread that `executor` belongs to; called and used there.
  metrics::Meters& on(const net::Executor& executor);

  // A copy of what each thread has, made on that thread; on any reader thread, which goes on with
  // its sessions meanwhile.
  net::Task<std::vector<metrics::Snapshot>> gather();

 private:
  struct Thread {
    net::Executor executor;
    metrics::Meters meters;
  };

  metrics::TargetLabels labels_;
  std::vector<Thread> threads_;  // never changes
};

}  // namespace sallyport::app
