#pragma once

#include <cstdint>

#include "base/failure.h"
#include "protocol/frames.h"
#include "terminal/shell_port.h"

namespace sallyport::session {

// What a session needs of a connection that shows it. A viewer is a cursor in the session's log: it
// pulls output itself.
class Viewer {
 public:
  virtual ~Viewer() = default;
  virtual void on_output() = 0;                     // the log grew
  virtual void on_accepted(std::uint64_t seq) = 0;  // all input up to seq was taken for the shell
  virtual void on_exited(const terminal::ShellExit& exit) = 0;
  virtual void on_failed(const base::Failure& failure, protocol::CloseCode code) = 0;
};

}  // namespace sallyport::session
