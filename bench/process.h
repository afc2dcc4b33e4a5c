#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace sallyport::bench {

// A program we started and end: at the latest when this process goes.
class Process {
 public:
  // words[0] is looked for on PATH. Its stderr is ours.
  explicit Process(std::vector<std::string> words);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  // The next line of its stdout. Throws when none comes within `patience`.
  std::string read_line(std::chrono::milliseconds patience);

 private:
  std::string name_;
  pid_t pid_ = -1;
  int output_ = -1;
  std::string unread_;
};

// Memory of a process and all its children in bytes: proportional set size (proc(5), smaps_rollup).
std::size_t proportional_set_size(pid_t pid);
// Seconds of processor time a process has had, user and system, to the nanosecond.
double processor_time(pid_t pid);
// As many descriptors as the system lets us and those we start have; returns how many.
std::size_t raise_descriptor_limit();

}  // namespace sallyport::bench
