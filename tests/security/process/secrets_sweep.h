#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "security/process/memory_search.h"
#include "security/process/real_gateway.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {

// The real program, logins with secrets that can be recognised, and a search of everything it says
// and holds.
class SecretsSweep : public ::testing::Test {
 protected:
  using Json = RealGateway::Json;

  void SetUp() override;
  // Ends with nobody there: then no secret of the test may be anywhere.
  void TearDown() override;

  virtual std::vector<std::string> flags() const { return {}; }
  RealGateway& gateway() { return *gateway_; }

  // A secret that is searched for from now on.
  std::string secret_word(const std::string& name);
  // A key pair that is; with `passphrase`, locked by it after its numbers were noted.
  KeyPair secret_key(const KeyWish& wish, const std::string& passphrase = {});

  // Hosts that take a password, or ask for answers in two rounds.
  static Script takes(const std::string& password);
  static Script asks(const std::string& one, const std::string& two);

  static Json with_password(const std::string& password) {
    return {{"method", "password"}, {"password", password}};
  }
  static Json with_key(const KeyPair& key, const std::string& passphrase = {});

  // Sends a frame as one that is not masked (a mask of zeros), so that what lies in any buffer can
  // be recognised.
  static void send_plain(WebSocketClient& browser, const Json& frame);
  // A browser that has sent `open`.
  WebSocketClient open(unsigned port, const Json& auth, const Json& changes = Json::object());
  static void answer(WebSocketClient& browser, const Json& prompt,
                     const std::vector<std::string>& values);
  // Reads to the end of the connection and keeps what was told.
  void read_to_the_end(WebSocketClient& browser);
  void remember(const WebSocketClient& browser);

  // Where a secret is in what the program says and is, and in its memory; empty: nowhere.
  std::string in_words();
  std::string in_memory();
  // That no secret is anywhere, now.
  void expect_nowhere(const std::string& when);

 private:
  TemporaryFolder folder_;
  std::unique_ptr<RealGateway> gateway_;
  std::vector<Marker> markers_;
  std::string told_;  // frames of the gateway
};

}  // namespace sallyport::support
