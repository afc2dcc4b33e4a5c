#pragma once

#include <string>
#include <vector>

namespace sallyport::app {

// Something an administrator must (or, as a warning, should) mend.
struct Problem {
  std::string
      where;  // "sallyport.toml:7", "--listen", "SALLYPORT_LISTEN"; empty: nowhere in particular
  std::string message;
  bool warning = false;  // the gateway starts all the same

  // "FILE:LINE: message", "FILE:LINE: warning: message".
  std::string line() const {
    return (where.empty() ? "" : where + ": ") + (warning ? "warning: " : "") + message;
  }
};
using Problems = std::vector<Problem>;

}  // namespace sallyport::app
