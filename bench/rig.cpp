#include "rig.h"

#include <pwd.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace sallyport::bench {
namespace {

using namespace std::chrono_literals;
constexpr auto kStart = 20s;  // patience with what we start

std::filesystem::path make_folder() {
  auto name = (std::filesystem::temp_directory_path() / "sallyport-bench.XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  return name;
}

std::vector<std::string> gateway_words(const Options& options, const std::string& known_hosts,
                                       const std::vector<std::string>& flags) {
  std::vector<std::string> words = {"env", "-i", options.gateway, "serve", "--listen",
                                    "127.0.0.1:0", "--host-keys", "strict", "--log-level",
                                    "warning", "--known-hosts", known_hosts,
                                    // The hosts are on this machine.
                                    "--targets-allow", "127.0.0.0/8",
                                    // A client that is done takes its flood with it.
                                    "--session-detached-limit", "0s"};
  words.insert(words.end(), options.gateway_flags.begin(), options.gateway_flags.end());
  words.insert(words.end(), flags.begin(), flags.end());
  return words;
}

}  // namespace

Gateway::Gateway(const Options& options, const std::string& known_hosts,
                 const std::vector<std::string>& flags)
    : process(gateway_words(options, known_hosts, flags)) {
  constexpr std::string_view kAddress = "http://127.0.0.1:";
  const auto line = process.read_line(kStart);
  const auto at = line.find(kAddress);
  if (at == std::string::npos) throw std::runtime_error("the gateway says: " + line);
  port = static_cast<unsigned>(std::stoul(line.substr(at + kAddress.size())));
}

Rig::Rig(Options options) : options_(std::move(options)), folder_(make_folder()) {}

Rig::~Rig() {
  gateway_.reset();
  scripted_process_.reset();
  host_process_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Rig::start_host() {
  const auto folder = folder_ / "host";
  const auto home = folder_ / "home";
  std::filesystem::create_directory(folder);
  std::filesystem::create_directory(home);
  // A plain shell in an empty home: what somebody's profile does at each login is not what is
  // measured.
  host_process_ = std::make_unique<Process>(
      std::vector<std::string>{options_.demo_host, folder.string(), "ForceCommand exec /bin/sh -i",
                               "SetEnv LANG=C.UTF-8 HOME=" + home.string()});
  const auto port_file = folder / "port";
  for (auto waited = 0ms; !std::filesystem::exists(port_file); waited += 20ms) {
    if (waited > kStart) throw std::runtime_error("the SSH server does not start");
    std::this_thread::sleep_for(20ms);
  }
  std::ifstream(port_file) >> host_.port;
  const passwd* const account = getpwuid(getuid());
  if (!account) throw std::runtime_error("this user has no name");
  host_.username = account->pw_name;
  host_.identity_file = folder / "id";
  host_.known_hosts = folder / "known_hosts";
}

const Target& Rig::host() {
  if (!host_process_) start_host();
  return host_;
}

const Target& Rig::scripted_host() {
  if (!scripted_process_) {
    scripted_process_ = std::make_unique<Process>(std::vector<std::string>{options_.scripted_host});
    std::istringstream line(scripted_process_->read_line(kStart));
    std::string type, key;
    line >> scripted_.host >> scripted_.port >> type >> key;
    scripted_.username = "scripted";
    scripted_.password = "any";
    scripted_.known_hosts = folder_ / "scripted_known_hosts";
    std::ofstream(scripted_.known_hosts)
        << '[' << scripted_.host << "]:" << scripted_.port << ' ' << type << ' ' << key << '\n';
  }
  return scripted_;
}

// A copy for each gateway, of the hosts that run by now.
std::string Rig::known_hosts() {
  const auto file = folder_ / "known_hosts";
  std::ofstream all(file);
  if (host_process_) all << std::ifstream(host_.known_hosts).rdbuf();
  if (scripted_process_) all << std::ifstream(scripted_.known_hosts).rdbuf();
  return file;
}

Gateway& Rig::gateway() {
  if (!gateway_) {
    host();
    gateway_ = own_gateway();
  }
  return *gateway_;
}

std::unique_ptr<Gateway> Rig::own_gateway(const std::vector<std::string>& flags) {
  return std::make_unique<Gateway>(options_, known_hosts(), flags);
}

std::unique_ptr<Terminal> Rig::open(Way way) {
  if (way == Way::kSsh) return std::make_unique<SshTerminal>(host());
  return open_gateway_terminal(gateway().port, host());
}

std::string Rig::program(const std::string& words) const {
  return "'" + std::filesystem::read_symlink("/proc/self/exe").string() + "' " + words;
}

}  // namespace sallyport::bench
