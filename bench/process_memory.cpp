#include <dirent.h>

#include <fstream>
#include <stdexcept>

#include "process.h"

namespace sallyport::bench {
namespace {

std::size_t own_size(pid_t pid) {
  std::ifstream rollup("/proc/" + std::to_string(pid) + "/smaps_rollup");
  for (std::string word; rollup >> word;) {
    if (word != "Pss:") continue;
    std::size_t kilobytes = 0;
    rollup >> kilobytes;
    return kilobytes * 1024;
  }
  // The gateway lets nobody but root look into it: what is shared with others is counted whole
  // then.
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    if (word != "VmRSS:") continue;
    std::size_t kilobytes = 0;
    status >> kilobytes;
    return kilobytes * 1024;
  }
  throw std::runtime_error("no memory figures of process " + std::to_string(pid));
}

}  // namespace

std::size_t proportional_set_size(pid_t pid) {
  auto total = own_size(pid);
  const auto tasks = "/proc/" + std::to_string(pid) + "/task/";
  DIR* folder = opendir(tasks.c_str());
  if (!folder) return total;
  while (const dirent* task = readdir(folder)) {
    std::ifstream children(tasks + task->d_name + "/children");
    for (pid_t child = 0; children >> child;) total += proportional_set_size(child);
  }
  closedir(folder);
  return total;
}

}  // namespace sallyport::bench
