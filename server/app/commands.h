#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace sallyport::app {

inline constexpr int kExitOk = 0;
inline constexpr int kExitUsage = 1;    // the command line or the configuration is wrong
inline constexpr int kExitNotWell = 1;  // `sallyport health`: what a container's check expects
inline constexpr int kExitRefused = 1;  // `sallyport explain`
inline constexpr int kExitCannotStart =
    2;  // the port is taken, the known_hosts folder cannot be written, ...

// Runs what the command line says (`arguments` without the program's name) and returns the exit
// status. `out` carries what was asked for, `err` what is wrong; log lines go to file descriptor 2.
int run(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
        std::ostream& out, std::ostream& err);

}  // namespace sallyport::app
