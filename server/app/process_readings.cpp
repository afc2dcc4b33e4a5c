#include "app/process_readings.h"

#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

namespace sallyport::app {
namespace {

// The fields of /proc/self/stat from the third on: the second is the program's name, in brackets,
// which may hold blanks and brackets itself.
std::istringstream stat_after_name() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  const auto bracket = line.rfind(')');
  return std::istringstream(bracket == std::string::npos ? std::string()
                                                         : line.substr(bracket + 1));
}

double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// Seconds since 1970 when the process started, of which the kernel says how long after the
// machine's start. Found out once: a clock that is set later is no restart. Not from /proc/stat,
// which a sandbox hides (systemd's ProcSubset=pid).
double start_time(double after_boot) {
  static const double when = seconds(CLOCK_REALTIME) - seconds(CLOCK_BOOTTIME) + after_boot;
  return when;
}

std::optional<double> open_descriptors() {
  std::error_code error;
  const auto entries = std::filesystem::directory_iterator("/proc/self/fd", error);
  if (error) return std::nullopt;
  // One of them is the folder's own.
  return static_cast<double>(std::distance(begin(entries), end(entries)) - 1);
}

}  // namespace

std::vector<metrics::Reading> process_readings() {
  using Kind = metrics::Reading::Kind;
  std::vector<metrics::Reading> readings;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));

  // proc_pid_stat(5): state is the third field, utime and stime the 14th and 15th, starttime the
  // 22nd, rss the 24th.
  auto stat = stat_after_name();
  std::string state;
  stat >> state;
  std::vector<double> fields;  // from the fourth on
  for (double field = 0; fields.size() < 21 && stat >> field;) fields.push_back(field);
  if (fields.size() == 21) {
    readings.push_back({"process_cpu_seconds_total", "Processor time, user and system.",
                        (fields[10] + fields[11]) / ticks, Kind::kCounter});
    readings.push_back({"process_start_time_seconds", "When the gateway started, since 1970.",
                        start_time(fields[18] / ticks)});
    readings.push_back(
        {"process_resident_memory_bytes", "Memory that is really there.", fields[20] * page});
  }
  if (const auto open = open_descriptors()) {
    readings.push_back({"process_open_fds", "File descriptors, sockets among them.", *open});
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    readings.push_back({"process_max_fds", "The most file descriptors the gateway may have.",
                        static_cast<double>(limit.rlim_cur)});
  }
  return readings;
}

}  // namespace sallyport::app
