#pragma once

#include <memory>

#include "ssh/connection.h"
#include "terminal/shell_port.h"

namespace sallyport::ssh {

// The shell on `connection`, whose channel runs: from now on the connection runs by itself, until
// the shell's end, a failure, hang_up() or the destruction of what is returned. `events` must
// outlive that.
std::unique_ptr<terminal::Shell> run_shell(std::shared_ptr<Connection> connection,
                                           terminal::ShellEvents& events);

}  // namespace sallyport::ssh
