#include "support/gateway_fixture.h"

#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <thread>

namespace sallyport::support {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // GCC's names for it
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

std::size_t entries(const char* folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    static_cast<void>(entry);
    ++count;
  }
  return count;
}

}  // namespace

Holdings Holdings::now() {
  Holdings held;
  held.descriptors = entries("/proc/self/fd");
  held.threads = entries("/proc/self/task");
  std::ifstream statm("/proc/self/statm");  // proc(5): in pages, the second number is resident
  std::size_t size = 0;
  std::size_t resident = 0;
  statm >> size >> resident;
  held.resident_kib = resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) / 1024;
  return held;
}

GatewayTest::GatewayTest() {
  settings_.listen_port = 0;
  settings_.threads = 2;
  settings_.log_level = base::LogLevel::kError;
  settings_.known_hosts = folder_.path() / "known_hosts";
  // The tests' hosts are on this machine, which must be named.
  for (const char* rule : {"127.0.0.0/8", "::1", "*"}) {
    settings_.targets.allow.push_back(*policy::Rule::parse(rule));
  }
  settings_.host_keys = ssh::HostKeyPolicy::kAcceptNew;
  settings_.login_failures = 1'000;  // tests of other things fail as often as they like
  // A browser that leaves ends its session, so that a test sees what stays behind; those that come
  // back set their own.
  settings_.detached_limit = std::chrono::milliseconds(0);
}

void GatewayTest::TearDown() {
  if (gateway_ && !HasFailure()) expect_all_gone();
  gateway_.reset();
}

void GatewayTest::start() {
  gateway_ = std::make_unique<app::Gateway>(settings_);
  gateway_->start();
}

WebSocketOptions GatewayTest::socket_options() const {
  WebSocketOptions options;
  options.port = gateway_->port();
  return options;
}

WebSocketClient GatewayTest::connect() {
  WebSocketClient client(socket_options());
  if (const auto status = client.upgrade(); status != 101) {
    throw std::runtime_error("the upgrade was answered " + std::to_string(status) + ": " +
                             client.refusal());
  }
  return client;
}

GatewayTest::Json GatewayTest::open_frame(unsigned port, const Json& auth, const Json& changes) {
  Json frame{{"type", "open"}, {"host", "127.0.0.1"}, {"port", port}, {"username", "ana"},
             {"auth", auth},   {"cols", 80},          {"rows", 24}};
  frame.merge_patch(changes);
  return frame;
}

WebSocketClient GatewayTest::open(const Json& frame) {
  auto client = connect();
  client.send(frame);
  if (settings_.host_keys == ssh::HostKeyPolicy::kAsk) {
    const auto prompt = client.expect("prompt");
    client.send({{"type", "answer"}, {"prompt", prompt.at("id")}, {"accept", true}});
  }
  client.expect("opened");
  return client;
}

void GatewayTest::expect_all_gone() {
  EXPECT_TRUE(eventually([this] { return gateway_->connections() == 0; }))
      << gateway_->connections() << " sockets are still open";
  EXPECT_TRUE(eventually([this] { return gateway_->sessions() == 0; }))
      << gateway_->sessions() << " sessions are still there";
}

void GatewayTest::expect_memory_near(const Holdings& before, std::size_t kib) {
  if (kSanitized) return;
  EXPECT_LE(Holdings::now().resident_kib, before.resident_kib + kib);
}

bool eventually(const std::function<bool()>& done) {
  const auto limit = std::chrono::steady_clock::now() + kPatience;
  while (!done()) {
    if (std::chrono::steady_clock::now() >= limit) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

std::string told(const WebSocketClient::Json& error) {
  return error.value("stage", "-") + " " + error.value("code", "-") + ": " +
         error.value("message", "") + " | " + error.value("hint", "");
}

}  // namespace sallyport::support
