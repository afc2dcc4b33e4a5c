#pragma once

namespace sallyport::app {

// SIGTERM, SIGINT (stop) and SIGHUP (reload) as events the main thread waits for. Make one before
// any other thread starts: threads inherit the mask, so that the signals reach nobody else. SIGPIPE
// is ignored: a closed socket is an error code here.
class Signals {
 public:
  Signals();

  int wait();  // until one arrives; its number

  // From now on the next one ends the process at once, with the status a shell shows for that
  // signal (128 + number): for an administrator who does not want to wait for a graceful stop.
  void next_one_exits();
};

}  // namespace sallyport::app
