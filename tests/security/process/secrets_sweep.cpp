#include "security/process/secrets_sweep.h"

#include <stdexcept>
#include <string_view>

#include "support/gateway_fixture.h"

namespace sallyport::support {

void SecretsSweep::SetUp() {
  if (!std::string_view(SALLYPORT_SANITIZED).empty()) {
    GTEST_SKIP() << "a sanitizer keeps what was freed, to find who uses it";
  }
  std::vector<std::string> all{"--timeouts-handshake=3s", "--timeouts-authenticate=3s",
                               "--timeouts-shell=3s", "--timeouts-prompt=3s",
                               "--session-detached-limit=0s"};
  const auto own = flags();
  all.insert(all.end(), own.begin(), own.end());
  gateway_ = std::make_unique<RealGateway>(all);
  std::string nothing;
  const Marker absent = marker_word("absent", nothing);
  try {
    EXPECT_EQ(found_in_memory(gateway_->pid(), {absent}), "");
  } catch (const std::runtime_error& reason) {
    GTEST_SKIP() << "its memory cannot be read here: " << reason.what();
  }
}

void SecretsSweep::TearDown() {
  if (!gateway_ || IsSkipped()) return;
  gateway_->wait_until_idle();
  expect_nowhere("when nobody is there any more");
}

std::string SecretsSweep::secret_word(const std::string& name) {
  std::string word;
  markers_.push_back(marker_word(name, word));
  return word;
}

KeyPair SecretsSweep::secret_key(const KeyWish& wish, const std::string& passphrase) {
  auto key = make_key(folder_.path(), "key" + std::to_string(markers_.size()), wish);
  markers_.push_back(marker_key(wish.type + " " + wish.format + " key", key.private_key));
  EXPECT_GT(markers_.back().spellings.size(), 1U);
  if (passphrase.empty()) return key;
  run_program(
      {"ssh-keygen", "-q", "-p", "-a", "2", "-P", "", "-N", passphrase, "-f", key.file.string()});
  key.private_key = read_file(key.file);
  markers_.push_back(marker_key("locked " + markers_.back().name, key.private_key));
  return key;
}

Script SecretsSweep::takes(const std::string& password) {
  Script script;
  script.password = password;
  return script;
}

Script SecretsSweep::asks(const std::string& one, const std::string& two) {
  Script script;
  script.offers_password = false;
  script.offers_interactive = true;
  script.rounds = {{"", "", {{"Password: ", false, one}}},
                   {"", "", {{"Code: ", true, two}, {"PIN: ", false, "99"}}}};
  return script;
}

SecretsSweep::Json SecretsSweep::with_key(const KeyPair& key, const std::string& passphrase) {
  Json auth{{"method", "publickey"}, {"key", key.private_key}};
  if (!passphrase.empty()) auth["passphrase"] = passphrase;
  return auth;
}

void SecretsSweep::send_plain(WebSocketClient& browser, const Json& frame) {
  constexpr unsigned kText = 1;
  browser.send_raw(WebSocketClient::frame_bytes(kText, true, frame.dump()));
}

WebSocketClient SecretsSweep::open(unsigned port, const Json& auth, const Json& changes) {
  auto browser = gateway_->connect();
  send_plain(browser, RealGateway::open_frame(port, auth, changes));
  return browser;
}

void SecretsSweep::answer(WebSocketClient& browser, const Json& prompt,
                          const std::vector<std::string>& values) {
  send_plain(browser, {{"type", "answer"}, {"prompt", prompt.at("id")}, {"values", values}});
}

void SecretsSweep::read_to_the_end(WebSocketClient& browser) {
  browser.close_code();
  remember(browser);
}

void SecretsSweep::remember(const WebSocketClient& browser) {
  for (const auto& text : browser.texts()) told_ += text + "\n";
}

std::string SecretsSweep::in_words() {
  gateway_->process().drain();
  std::string found;
  const auto look = [&](const std::string& where, const std::string& text) {
    if (const auto hits = found_in(text, markers_); !hits.empty()) found += where + ": " + hits;
  };
  look("log", gateway_->process().error());
  look("stdout", gateway_->process().output());
  look("frames", told_);
  look("metrics", RealGateway::get(gateway_->metrics_port(), "/metrics"));
  look("cmdline", gateway_->proc("cmdline"));
  look("environ", gateway_->proc("environ"));
  return found;
}

std::string SecretsSweep::in_memory() { return found_in_memory(gateway_->pid(), markers_); }

void SecretsSweep::expect_nowhere(const std::string& when) {
  EXPECT_EQ(in_words(), "") << when;
  EXPECT_EQ(in_memory(), "") << when;
}

}  // namespace sallyport::support
