// Input: every byte arrives, once and in order, however much of it and however slowly the host
// takes it.
#include <gmock/gmock.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <random>

#include "support/gateway_fixture.h"
#include "support/openssh_server.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::size_t kPaste = 5'000'000;  // bytes

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += kHex[digest[i] >> 4];
    text += kHex[digest[i] & 15];
  }
  return text;
}

// Exactly `size` bytes of UTF-8 in which a lost, doubled or moved piece shows.
std::string random_text(std::size_t size) {
  static constexpr std::array<std::string_view, 12> kPieces{
      "a", "b", " ", "\n", "\"", "\\", "é", "中", "😀", "line", "\t", "\x1b[A"};
  std::mt19937 random(7);
  std::uniform_int_distribution<std::size_t> piece(0, kPieces.size() - 1);
  std::string text;
  while (text.size() + 4 <= size) text += kPieces[piece(random)];
  text.append(size - text.size(), '.');
  return text;
}

// `text` in pieces of whole characters.
std::vector<std::string> pieces_of(std::string_view text, std::size_t size) {
  std::vector<std::string> pieces;
  while (!text.empty()) {
    std::size_t cut = std::min(size, text.size());
    while (cut < text.size() && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
    pieces.emplace_back(text.substr(0, cut));
    text.remove_prefix(cut);
  }
  return pieces;
}

class Paste : public GatewayTest {
 protected:
  void SetUp() override {
    settings().ping_interval = 200ms;
    start();
  }
  // A shell whose terminal passes bytes on as they are; it runs `command` next.
  WebSocketClient raw_shell(const std::string& command) {
    auto browser =
        open(open_frame(server_.port(), key(server_.key()), {{"username", server_.user()}}));
    browser.type("PS1= ENV= exec sh\n");
    browser.type("stty raw -echo; echo rea''dy; " + command + "\n");
    browser.expect_output("ready\n");
    return browser;
  }
  OpenSshServer server_;
};

TEST_F(Paste, FiveMegabytesArriveByteExact) {
  const auto text = random_text(kPaste);
  auto browser = raw_shell("head -c " + std::to_string(kPaste) + " | sha256sum");
  std::uint64_t last = 0;
  for (const auto& piece : pieces_of(text, 100'000)) last = browser.type(piece);
  browser.expect_output(sha256(text));
  browser.wait_until([&] { return browser.accepted() == last; }, "accepted");
}

TEST_F(Paste, InFramesAsBigAsTheyMayBeItComesBackFromCatThoughAcksAreSlow) {
  const auto text = random_text(kPaste);
  auto browser = raw_shell("cat");
  const auto begun = browser.output_end();
  browser.set_acking(false);
  // Nobody waits for `accepted`. JSON makes a piece longer, by a third at most here.
  for (const auto& piece : pieces_of(text, 750'000)) browser.type(piece);
  while (browser.output_end() < begun + kPaste) {
    ASSERT_TRUE(browser.read_for(30ms));  // a slow page
    browser.ack(browser.output_end());
  }
  EXPECT_TRUE(browser.output().substr(begun) == text);
}

TEST_F(Paste, IntoAProgramThatReadsNothingCostsABoundedAmount) {
  auto browser = raw_shell("sleep 600");
  browser.set_reading(false);
  const auto memory = Holdings::now();
  // Far more than all buffers on the way take: some of it is never taken from this side.
  const std::string piece(500'000, 'x');
  constexpr unsigned kMost = 100;
  unsigned sent = 0;
  while (sent < kMost && browser.try_type(piece, 2s)) ++sent;
  EXPECT_LT(sent, kMost);
  expect_memory_near(memory);
  // Nobody reads its socket now, so only a ping can find out that it has gone.
  browser.drop();
  EXPECT_TRUE(eventually([this] { return gateway().connections() == 0; }));
}

class Numbers : public GatewayTest {
 protected:
  void SetUp() override { start(); }
  static Json input(std::uint64_t seq, std::string_view data) {
    return {{"type", "input"}, {"seq", seq}, {"data", data}};
  }
  ScriptedSshServer server_;
};

TEST_F(Numbers, ANumberThatComesAgainIsTakenOnceAndAcceptedAgain) {
  auto browser = open(open_frame(server_.port(), password("right horse")));
  browser.send(input(1, "a"));
  browser.send(input(1, "a"));
  browser.send(input(2, "b"));
  browser.send(input(1, "a"));
  browser.send(input(2, "b"));
  browser.send(input(3, "c\n"));
  EXPECT_EQ(browser.expect_output("\n"), "abc");
  browser.wait_until([&] { return browser.accepted() == 3; }, "accepted");
}

TEST_F(Numbers, AGapIsABadFrameAndNothingOfItIsTyped) {
  auto browser = open(open_frame(server_.port(), password("right horse")));
  browser.send(input(1, "a\n"));
  browser.expect_output("a");
  browser.send(input(3, "rm -rf precious\n"));
  EXPECT_EQ(told(browser.expect("error")),
            "running bad-frame: The gateway did not understand the page: input: seq leaves a gap. "
            "| Reload the page.");
  EXPECT_EQ(browser.close_code(), 4000u);
  EXPECT_THAT(browser.output(), ::testing::Not(HasSubstr("precious")));
}

TEST_F(Numbers, AFrameOverOneMebibyteIsABadFrameInARunningSession) {
  auto browser = open(open_frame(server_.port(), password("right horse")));
  browser.send(input(1, std::string(2 << 20, 'x')));
  EXPECT_THAT(told(browser.expect("error")), HasSubstr("longer than 1024 KiB."));
  EXPECT_EQ(browser.close_code(), 4000u);
}

TEST_F(Numbers, EmptyInputIsAcceptedAndTypesNothing) {
  auto browser = open(open_frame(server_.port(), password("right horse")));
  browser.send(input(1, ""));
  browser.wait_until([&] { return browser.accepted() == 1; }, "accepted");
  EXPECT_EQ(browser.output(), "");
}

}  // namespace
}  // namespace sallyport::support
