// What a broken or hostile page can send: a clear error or a clean close, and nobody else notices.
#include <gmock/gmock.h>

#include <fstream>
#include <random>

#include "plain_host.h"
#include "support/gateway_fixture.h"

namespace sallyport::support {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

constexpr unsigned kBadFrame = 4000;
constexpr unsigned kText = 1;  // opcodes of RFC 6455, section 5.2
constexpr unsigned kContinuation = 0;
constexpr unsigned kBinary = 2;

class BadFrames : public GatewayTest {
 protected:
  void SetUp() override { start(); }
  void expect_bad_frame(WebSocketClient& browser, std::string_view reason) {
    const auto error = browser.expect("error");
    EXPECT_EQ(error.at("code"), "bad-frame");
    EXPECT_EQ(error.at("message"),
              "The gateway did not understand the page: " + std::string(reason) + ".");
    EXPECT_EQ(error.at("hint"), "Reload the page.");
    EXPECT_EQ(browser.close_code(), kBadFrame);
  }
};

TEST_F(BadFrames, EveryBadFrameOfTheGoldenFileIsNamedAndEndsTheSocket) {
  std::ifstream file(SALLYPORT_GOLDEN "/frames.json");
  const auto golden = Json::parse(file);
  ASSERT_GT(golden.at("client_bad").size(), 20u);
  for (const auto& bad : golden.at("client_bad")) {
    SCOPED_TRACE(bad.at("name").get<std::string>());
    auto browser = connect();
    browser.send_text(bad.at("frame").get<std::string>());
    expect_bad_frame(browser, bad.at("reason").get<std::string>());
  }
}

TEST_F(BadFrames, AFirstFrameThatOnlyComesLaterIsRefused) {
  for (const auto& frame :
       {Json{{"type", "input"}, {"seq", 1}, {"data", "x"}}, Json{{"type", "ack"}, {"end", 0}},
        Json{{"type", "resize"}, {"cols", 80}, {"rows", 24}}, Json{{"type", "close"}},
        Json{{"type", "answer"}, {"prompt", 1}, {"accept", true}}}) {
    SCOPED_TRACE(frame.dump());
    auto browser = connect();
    browser.send(frame);
    expect_bad_frame(browser, "this type is not allowed as the first frame");
  }
}

TEST_F(BadFrames, ASecondOpenAndEarlyInputAreRefusedWhileTheFirstIsUnderWay) {
  PlainHost host;
  const auto good = open_frame(host.port(), password("x"));
  for (const auto& frame : {good, Json{{"type", "input"}, {"seq", 1}, {"data", "x"}},
                            Json{{"type", "ack"}, {"end", 0}}}) {
    SCOPED_TRACE(frame.dump());
    auto browser = connect();
    browser.send(good);
    host.accept();
    browser.send(frame);
    expect_bad_frame(browser, "this type is not allowed before `opened`");
    EXPECT_TRUE(host.sees_the_end());
    host.hang_up();
  }
}

TEST_F(BadFrames, ABinaryFrameIsRefused) {
  auto browser = connect();
  browser.send_binary("{\"type\":\"close\"}");
  expect_bad_frame(browser, "binary, not text");
}

TEST_F(BadFrames, AFirstFrameOverItsLimitIsRefusedBeforeItIsWhole) {
  auto browser = connect();
  // Half of a frame that says it will be 2 MiB long: nobody waits for its end.
  const auto frame = WebSocketClient::frame_bytes(kText, true, std::string(2 << 20, ' '));
  browser.send_raw(std::string_view(frame).substr(0, 100 * 1024));
  expect_bad_frame(browser, "longer than 64 KiB");
}

TEST_F(BadFrames, AFieldOfTenMegabytesIsRefused) {
  auto browser = connect();
  const auto frame = open_frame(22, password(std::string(10 << 20, 'p'))).dump();
  browser.send_text(frame);
  expect_bad_frame(browser, "longer than 64 KiB");
}

TEST_F(BadFrames, FragmentsWithoutEndAreGivenUpAtTheLimit) {
  auto browser = connect();
  browser.send_raw(WebSocketClient::frame_bytes(kText, false, "{\"type\":\""));
  const auto piece = WebSocketClient::frame_bytes(kContinuation, false, std::string(1000, 'x'));
  for (int i = 0; i < 100 && browser.open(); ++i) browser.send_raw(piece);
  expect_bad_frame(browser, "longer than 64 KiB");
}

TEST_F(BadFrames, EmptyFragmentsWithoutEndMeetTheDeadlineOfTheFirstFrame) {
  stop();
  settings().first_frame_timeout = 500ms;
  start();
  auto browser = connect();
  browser.send_raw(WebSocketClient::frame_bytes(kText, false, ""));
  const auto piece = WebSocketClient::frame_bytes(kContinuation, false, "");
  const auto limit = std::chrono::steady_clock::now() + kPatience;
  while (browser.read_for(1ms) && browser.unexpected() == 0) {
    ASSERT_LT(std::chrono::steady_clock::now(), limit);
    browser.send_raw(piece);
  }
  EXPECT_EQ(browser.expect("error").at("code"), "too-slow");
  EXPECT_EQ(browser.close_code(), 4008u);
}

TEST_F(BadFrames, WhatBreaksWebSocketItselfEndsTheConnection) {
  stop();
  settings().first_frame_timeout = 1s;  // what says that it is very long is waited for
  start();
  struct Case {
    const char* name;
    std::string bytes;
    unsigned code;  // RFC 6455, section 7.4.1
  };
  const auto unmasked = std::string("\x81\x02{}", 4);
  const auto reserved_bit = [] {
    auto frame = WebSocketClient::frame_bytes(kText, true, "{}");
    frame[0] = static_cast<char>(frame[0] | 0x40);
    return frame;
  }();
  const std::array cases{
      Case{"an opcode that is reserved", WebSocketClient::frame_bytes(3, true, "{}"), 1002},
      Case{"a continuation of nothing", WebSocketClient::frame_bytes(kContinuation, true, "{}"),
           1002},
      Case{"a frame that is not masked", unmasked, 1002},
      Case{"a reserved bit", reserved_bit, 1002},
      Case{"a ping of 126 bytes", WebSocketClient::frame_bytes(9, true, std::string(126, 'p')),
           1002},
      Case{"a length of 2^63", std::string("\x81\xff\x80\0\0\0\0\0\0\0\0\0\0\0", 14), 4008},
      Case{"text that is not UTF-8", WebSocketClient::frame_bytes(kText, true, "{\"\xff\xfe\":1}"),
           1007},
  };
  for (const auto& broken : cases) {
    SCOPED_TRACE(broken.name);
    auto browser = connect();
    browser.send_raw(broken.bytes);
    EXPECT_EQ(browser.close_code(), broken.code);
  }
}

TEST_F(BadFrames, WhoBreaksWebSocketWhileTheSocketClosesHoldsNothing) {
  auto browser = connect();
  // Half a frame, then a mistake in the other half, which comes when the gateway has begun to
  // close.
  const auto frame = WebSocketClient::frame_bytes(kText, true, std::string(200 * 1024, 'x'));
  browser.send_raw(std::string_view(frame).substr(0, 100 * 1024));
  browser.expect("error");
  browser.send_raw(std::string(1000, '\xff'));
  // By us for the first mistake, or by the WebSocket layer for the second.
  EXPECT_THAT(browser.close_code(), ::testing::AnyOf(kBadFrame, 1007u));
  EXPECT_TRUE(eventually([this] { return gateway().connections() == 0; }));
}

TEST_F(BadFrames, RandomBytesEndTheirOwnConnectionOnly) {
  std::mt19937 random(20240607);  // a failure must come again
  std::uniform_int_distribution<int> byte(0, 255);
  std::uniform_int_distribution<std::size_t> length(14, 4096);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    std::string bytes(length(random), '\0');
    for (auto& c : bytes) c = static_cast<char>(byte(random));
    auto browser = connect();
    if (round % 2 == 0) {
      browser.send_raw(bytes);
      browser.half_close();
    } else {
      browser.send_raw(WebSocketClient::frame_bytes(round % 4 == 1 ? kText : kBinary, true, bytes));
    }
    browser.close_code();  // it ends, whichever way
  }
  auto browser = connect();
  browser.send_text("{}");
  expect_bad_frame(browser, "type is missing");
}

TEST_F(BadFrames, AGoodFrameWithOneByteChangedNeverHurts) {
  PlainHost host;
  const auto good = open_frame(host.port(), password("p"), {{"env", {{"LANG", "C"}}}}).dump();
  std::mt19937 random(42);
  std::uniform_int_distribution<std::size_t> place(0, good.size() - 1);
  std::uniform_int_distribution<int> byte(1, 255);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    auto frame = good;
    const auto at = place(random);
    frame[at] = static_cast<char>(frame[at] ^ byte(random));
    auto browser = connect();
    browser.send_raw(WebSocketClient::frame_bytes(kText, true, frame));
    // Either it was understood after all and the login is under way, or it has failed.
    const auto answered = [&] {
      return browser.unexpected() > 0 || !browser.stages().empty() || !browser.open();
    };
    browser.wait_until(answered, "an answer or an end");
  }
}

TEST_F(BadFrames, UnknownFieldsAreIgnored) {
  auto browser = connect();
  browser.send(open_frame(PlainHost::closed_port(), password("x"),
                          {{"colour", "blue"}, {"more", {{"a", {1, 2, 3}}}}}));
  EXPECT_EQ(browser.expect("error").at("code"), "refused");
}

TEST_F(BadFrames, ASecretInABadFrameIsNotSaidBack) {
  auto browser = connect();
  browser.send_text(R"({"type":"open","host":"h","username":"u","auth":{"method":"hunter2"}})");
  const auto error = browser.expect("error");
  EXPECT_THAT(error.dump(), ::testing::Not(HasSubstr("hunter2")));
  EXPECT_THAT(error.at("message").get<std::string>(), StartsWith("The gateway did not understand"));
}

}  // namespace
}  // namespace sallyport::support
