#include "app/used_files.h"

#include <sys/stat.h>

#include <string_view>
#include <system_error>

namespace sallyport::app {
namespace {

namespace fs = std::filesystem;

// What the C library reads to find a host, an identity's name service or a character set. It reads
// them again when they change, and what changes them puts a new file in the old one's place: so it
// is the folder that stays readable, where the name stands and where it leads.
constexpr const char* kNameService[] = {"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf",
                                        "/etc/gai.conf"};

// Libraries of name services and of character sets, which are loaded when they are first needed;
// the process' own figures for /metrics; what the C library asks of the machine.
constexpr const char* kSystem[] = {"/lib",           "/lib64",
                                   "/usr/lib",       "/usr/lib64",
                                   "/usr/local/lib", "/usr/share/zoneinfo",
                                   "/proc/self",     "/sys/devices/system/cpu",
                                   "/dev/urandom",   "/dev/null"};

void add_folders_of(std::vector<fs::path>& places, const fs::path& file) {
  std::error_code failed;
  places.push_back(fs::absolute(file, failed).parent_path());
  const auto real = fs::canonical(file, failed);
  if (!failed) places.push_back(real.parent_path());
}

}  // namespace

UsedFiles used_files(const Settings& settings) {
  UsedFiles files;
  for (const char* place : kSystem) files.read.emplace_back(place);
  for (const char* file : kNameService) add_folders_of(files.read, file);
  // Read again when they are renewed.
  for (const auto& file : {settings.tls.certificate, settings.tls.key}) {
    if (!file.empty()) add_folders_of(files.read, file);
  }
  // A Unix socket is taken away at the stop.
  constexpr std::string_view kUnix = "unix:";
  if (settings.listen_address.starts_with(kUnix)) {
    add_folders_of(files.write, settings.listen_address.substr(kUnix.size()));
  }
  if (!settings.known_hosts.empty()) {
    const bool added_to = settings.host_keys != ssh::HostKeyPolicy::kStrict;
    if (added_to) {
      const auto before = ::umask(077);
      std::error_code failed;  // then no host key can be saved, and whoever accepts one is told
      fs::create_directories(fs::absolute(settings.known_hosts, failed).parent_path(), failed);
      ::umask(before);
    }
    add_folders_of(added_to ? files.write : files.read, settings.known_hosts);
  }
  return files;
}

}  // namespace sallyport::app
