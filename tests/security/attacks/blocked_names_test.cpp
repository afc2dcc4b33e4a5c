// Names whose name servers never answer: whoever asks for many of them holds up no one but those
// who ask for names. This program's getaddrinfo(3) plays the servers.
#include <dlfcn.h>
#include <netdb.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <string_view>

#include "net/resolver.h"
#include "support/gateway_fixture.h"
#include "support/scripted_ssh_server.h"

namespace {

// Lookups of *.blocked wait until it is opened.
class NameServers {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++asked_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void set_open(bool open) {
    const std::lock_guard lock(mutex_);
    open_ = open;
    asked_ = 0;
    changed_.notify_all();
  }
  bool wait_until_asked(int times) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, sallyport::support::kPatience, [&] { return asked_ >= times; });
  }
  int asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int asked_ = 0;
};
NameServers name_servers;

}  // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  if (node != nullptr && std::string_view(node).ends_with(".blocked")) {
    name_servers.wait();
    return EAI_NONAME;
  }
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto real = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(node, service, hints, found);
}

namespace sallyport::support {
namespace {

class BlockedNames : public GatewayTest {
 protected:
  BlockedNames() { name_servers.set_open(false); }
  ~BlockedNames() override { name_servers.set_open(true); }
};

TEST_F(BlockedNames, HoldUpNoLoginThatNeedsNone) {
  start();
  ScriptedSshServer host;
  std::vector<WebSocketClient> askers;
  for (int i = 0; i < 16; ++i) {
    askers.push_back(connect());
    askers.back().send(
        open_frame(22, password("x"), {{"host", "host-" + std::to_string(i) + ".blocked"}}));
  }
  ASSERT_TRUE(name_servers.wait_until_asked(8));  // all that look names up
  open(open_frame(host.port(), password("right horse"))).hang_up();
  name_servers.set_open(true);
  for (auto& asker : askers) asker.expect("error");
}

TEST_F(BlockedNames, ANameNobodyWaitsForIsNotLookedUp) {
  boost::asio::io_context context(1);
  std::promise<void> answer;
  net::Workers workers(1);
  workers.start([waits = answer.get_future().share()] { waits.wait(); });
  std::string code;
  boost::asio::co_spawn(
      context.get_executor(),
      [&]() -> net::Task<> {
        const auto found =
            co_await net::resolve(workers, "db.blocked", std::chrono::milliseconds(20));
        code = found ? "found" : found.error().code;
      },
      boost::asio::detached);
  context.run();
  EXPECT_EQ(code, "resolve-timeout");
  name_servers.set_open(true);
  answer.set_value();
  std::promise<void> done;
  workers.start([&] { done.set_value(); });  // behind the lookup
  done.get_future().wait();
  EXPECT_EQ(name_servers.asked(), 0);
}

}  // namespace
}  // namespace sallyport::support
