#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::app {

// A program as a test sees it: arguments and environment in, two streams and an exit status out.
// Every wait has a limit, beyond which it throws; a process that is still there at the end is
// killed.
class Process {
 public:
  static constexpr std::chrono::seconds kLimit{30};  // generous: a sanitizer on a busy machine

  Process(const std::string& program, const std::vector<std::string>& arguments,
          const std::vector<std::string>& environment);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Reads until the stream has `text`; all of the stream until then.
  const std::string& wait_for_output(std::string_view text);
  const std::string& wait_for_error(std::string_view text);
  // Reads what is there, without waiting.
  void drain();
  pid_t pid() const { return pid_; }
  void signal(int number) const;
  // Reads both streams to their end. The exit status, or 128 + the signal that ended it.
  int wait();

  const std::string& output() const { return output_; }
  const std::string& error() const { return error_; }

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  bool read_some(Deadline deadline);  // false: both streams have ended

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  std::optional<int> status_;
  std::string output_;
  std::string error_;
};

}  // namespace sallyport::app
