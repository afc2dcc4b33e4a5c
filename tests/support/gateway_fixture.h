#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/gateway.h"
#include "support/throwaway_keys.h"
#include "support/web_socket_client.h"

namespace sallyport::support {

// What the process holds; a leak is what stays when all connections are gone.
struct Holdings {
  std::size_t descriptors = 0;
  std::size_t threads = 0;
  std::size_t resident_kib = 0;
  static Holdings now();
};

// A whole gateway in the test's own process, with real sockets. Change settings() before start().
class GatewayTest : public ::testing::Test {
 protected:
  using Json = WebSocketClient::Json;

  GatewayTest();
  // A test that passed so far must leave nothing open in the gateway.
  void TearDown() override;

  app::Settings& settings() { return settings_; }
  void start();  // with settings()
  void stop() { gateway_.reset(); }
  app::Gateway& gateway() { return *gateway_; }
  std::filesystem::path known_hosts() const { return settings_.known_hosts; }

  WebSocketClient connect();  // an upgraded socket
  WebSocketOptions socket_options() const;

  // An `open` frame; `changes` is merged into it.
  static Json open_frame(unsigned port, const Json& auth, const Json& changes = Json::object());
  static Json password(std::string_view password) {
    return {{"method", "password"}, {"password", password}};
  }
  static Json key(const KeyPair& pair, std::string_view passphrase = {}) {
    Json auth{{"method", "publickey"}, {"key", pair.private_key}};
    if (!passphrase.empty()) auth["passphrase"] = passphrase;
    return auth;
  }
  static Json interactive() { return {{"method", "interactive"}}; }

  // Opens a session, says yes to an unknown host key, and waits for `opened`.
  WebSocketClient open(const Json& frame);
  // Waits until the gateway has no session and no terminal's socket.
  void expect_all_gone();
  static constexpr std::size_t kFewBuffers = 12 * 1024;  // KiB
  // That the process has grown by no more since. Says nothing under a sanitizer, which keeps what
  // was freed.
  static void expect_memory_near(const Holdings& before, std::size_t kib = kFewBuffers);

 private:
  TemporaryFolder folder_;
  app::Settings settings_;
  std::unique_ptr<app::Gateway> gateway_;
};

// Waits, looking now and then, until `done`; false when kPatience is over.
bool eventually(const std::function<bool()>& done);

// What the `error` frame said, for one EXPECT_EQ: "stage code: message | hint".
std::string told(const WebSocketClient::Json& error);

}  // namespace sallyport::support
