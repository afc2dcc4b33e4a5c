#pragma once

#include <memory>

#include "app/settings.h"

namespace sallyport::app {

// The whole program but for its command line: every part, built in order. Tests run one in their
// own process.
class Gateway {
 public:
  // Binds and loads; throws std::runtime_error with a sentence for the administrator when it cannot
  // start.
  explicit Gateway(Settings settings);
  ~Gateway();  // stop() and join

  void start();
  // Graceful, from any thread: no new connections, every browser is told (1001), open ones get
  // stop_grace. Returns when done.
  void stop();

  // Any thread: certificate and key are read again. Nobody is disconnected.
  void reload();

  unsigned port() const;            // the real one when listen_port was 0
  unsigned metrics_port() const;    // the same; 0 when it is off
  std::size_t sessions() const;     // live shells
  std::size_t connections() const;  // open browser sockets

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace sallyport::app
