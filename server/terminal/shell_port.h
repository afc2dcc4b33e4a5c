#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/failure.h"

namespace sallyport::terminal {

// How a shell ended: RFC 4254, section 6.10.
struct ShellExit {
  int status = 0;
  std::string signal;  // without "SIG"; empty: `status` counts
};

// What a session needs of a shell. All calls on the session's reader thread; none blocks; they may
// come from inside an event (pause() from on_output()). The shell is never destroyed from inside
// one of its events.
class Shell {
 public:
  virtual ~Shell() = default;
  // Bytes for the shell's input. Taken whole at once: what the host cannot take yet waits in order,
  // see backlog().
  virtual void write(std::string_view bytes) = 0;
  // Bytes taken but not yet handed to the SSH connection.
  virtual std::size_t backlog() const = 0;
  virtual void resize(unsigned cols, unsigned rows) = 0;
  // To the host and back, as TCP estimates it; nothing when that is not known.
  virtual std::optional<std::chrono::microseconds> round_trip() const = 0;
  virtual void pause() = 0;  // stop reading output (the host's window closes, the program blocks)
  virtual void resume() = 0;
  virtual void hang_up() = 0;  // close the connection; no events come after it
};

// What a shell tells its session. Never called from inside a call of Shell's (no re-entry).
class ShellEvents {
 public:
  virtual ~ShellEvents() = default;
  virtual void on_output(std::string_view bytes) = 0;  // as the host sent them
  virtual void
  on_output_pause() = 0;  // all that could be read now was delivered: a good moment to send
  virtual void on_input_drained() = 0;                        // backlog() came down to 0
  virtual void on_exit(const ShellExit& exit) = 0;            // last event
  virtual void on_failure(const base::Failure& failure) = 0;  // last event: the connection died
};

}  // namespace sallyport::terminal
