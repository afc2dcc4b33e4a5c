#include "networks.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>

#include "support/openssh_server.h"
#include "support/throwaway_keys.h"

namespace sallyport::support {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void ip(const std::string& words) {
  std::vector<std::string> arguments{system_program("ip")};
  std::istringstream stream(words);
  for (std::string word; stream >> word;) arguments.push_back(word);
  run_program(arguments);
}

void write_line(const char* file, const std::string& line) {
  std::ofstream stream(file);
  stream << line << std::flush;
  if (!stream) throw std::runtime_error(std::string("cannot write ") + file);
}

const char* port_of(Networks::Cable cable) {
  return cable == Networks::Cable::kBrowser ? "to_browser" : "to_host";
}
const char* other_port_of(Networks::Cable cable) {
  return cable == Networks::Cable::kBrowser ? "to_gateway_b" : "to_gateway_h";
}
const char* switch_of(Networks::Cable cable) {
  return cable == Networks::Cable::kBrowser ? "switch_b" : "switch_h";
}

// A cable from a switch to an interface with this address.
void connect(const char* of, const char* port, const Namespace& to, const char* interface,
             const std::string& address) {
  const std::string p(port);
  ip("link add " + p + " type veth peer name " + interface + " netns " + to.path());
  ip("link set " + p + " master " + of + " up");
  to.run([&] {
    ip("link set lo up");
    ip("addr add " + address + "/24 dev " + interface);
    ip(std::string("link set ") + interface + " up");
  });
}

}  // namespace

void enter_own_network() {
  if (::unshare(CLONE_NEWNET) == 0) return;
  const auto uid = ::geteuid();
  const auto gid = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) fail("unshare");
  write_line("/proc/self/setgroups", "deny");
  write_line("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1");
  write_line("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1");
}

Namespace::Namespace() {
  std::exception_ptr wrong;
  std::thread([&] {
    try {
      if (::unshare(CLONE_NEWNET) != 0) fail("unshare");
      descriptor_ = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
      if (descriptor_ < 0) fail("/proc/thread-self/ns/net");
    } catch (...) {
      wrong = std::current_exception();
    }
  }).join();
  if (wrong) std::rethrow_exception(wrong);
}

Namespace::~Namespace() { ::close(descriptor_); }

std::string Namespace::path() const {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(descriptor_);
}

void Namespace::run(const std::function<void()>& work) const {
  std::exception_ptr wrong;
  std::thread([&] {
    try {
      if (::setns(descriptor_, CLONE_NEWNET) != 0) fail("setns");
      work();
    } catch (...) {
      wrong = std::current_exception();
    }
  }).join();
  if (wrong) std::rethrow_exception(wrong);
}

Networks::Networks() {
  for (const auto cable : {Cable::kBrowser, Cable::kHost}) {
    const std::string name = switch_of(cable);
    ip("link add " + name + " type bridge");
    ip("link set " + name + " up");
  }
  const auto* browsers = switch_of(Cable::kBrowser);
  const auto* hosts = switch_of(Cable::kHost);
  connect(browsers, port_of(Cable::kBrowser), browser_, "net0", kBrowserAddress);
  connect(browsers, other_port_of(Cable::kBrowser), gateway_, "net0", kGatewayAddress);
  connect(hosts, other_port_of(Cable::kHost), gateway_, "net1", "10.72.0.1");
  connect(hosts, port_of(Cable::kHost), host_, "net0", kHostAddress);
}

// The namespaces end with their last thread; what is in ours goes now.
Networks::~Networks() {
  for (const auto cable : {Cable::kBrowser, Cable::kHost}) {
    for (const auto* link : {port_of(cable), other_port_of(cable), switch_of(cable)}) {
      ip(std::string("link delete ") + link);
    }
  }
}

// A port that belongs to no switch passes nothing on.
void Networks::pull(Cable cable) const {
  ip(std::string("link set ") + port_of(cable) + " nomaster");
}

void Networks::put_back(Cable cable) const {
  ip(std::string("link set ") + port_of(cable) + " master " + switch_of(cable));
}

}  // namespace sallyport::support
