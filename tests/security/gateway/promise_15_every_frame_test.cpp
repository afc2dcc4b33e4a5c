// Every frame type, without sign-in, with a half-done one, and with somebody else's ids. The frames
// are the golden ones, and there is one of every type the decoder knows: a new type is covered by
// being added.
#include <fstream>
#include <map>

#include "protocol/frames.h"
#include "support/resume_fixture.h"

namespace sallyport::support {
namespace {

using Json = WebSocketClient::Json;

// By its type, a frame that is well formed.
std::map<std::string, Json> every_frame() {
  std::ifstream file(SALLYPORT_GOLDEN "/frames.json");
  std::map<std::string, Json> frames;
  for (const auto& good : Json::parse(file).at("client")) {
    const auto frame = Json::parse(good.at("frame").get<std::string>());
    frames.emplace(frame.at("type"), frame);
  }
  return frames;
}

class Promise15EveryFrame : public ReturnTest {
 protected:
  void SetUp() override {
    settings().host_keys = ssh::HostKeyPolicy::kAsk;
    start();
    ASSERT_EQ(frames_.size(), std::variant_size_v<protocol::ClientFrame>);
  }
  static void expect_refused(WebSocketClient& browser) {
    EXPECT_EQ(browser.expect("error").at("code"), "bad-frame");
    EXPECT_EQ(browser.close_code(), 4000u);
  }
  const std::map<std::string, Json> frames_ = every_frame();
};

TEST_F(Promise15EveryFrame, WithoutSignInOpensNothing) {
  for (const auto& [type, frame] : frames_) {
    SCOPED_TRACE(type);
    auto browser = connect();
    if (type == "open") {
      // To a host that is there, and without what it asks for.
      ScriptedSshServer host;
      browser.send(open_frame(host.port(), password("wrong")));
      browser.send(
          {{"type", "answer"}, {"prompt", browser.expect("prompt").at("id")}, {"accept", true}});
      EXPECT_EQ(browser.expect("error").at("stage"), "authenticate");
    } else if (type == "list") {
      browser.send(frame);
      EXPECT_EQ(browser.expect("sessions").at("sessions"), Json::array());
    } else if (type == "attach") {
      browser.send(frame);
      EXPECT_EQ(browser.expect("error").at("code"), "no-such-session");
    } else {
      browser.send(frame);
      expect_refused(browser);
    }
    EXPECT_EQ(gateway().sessions(), 0u);
  }
}

// While the host key is asked for, nothing of the user's may go to the host, whatever is sent.
TEST_F(Promise15EveryFrame, WithAHalfDoneSignInReachesNoHost) {
  for (const auto& [type, frame] : frames_) {
    SCOPED_TRACE(type);
    if (type == "resize") continue;  // allowed: it is kept for the terminal that may come
    ScriptedSshServer host;
    auto browser = connect();
    browser.send(open_frame(host.port(), password("right horse")));
    const auto prompt = browser.expect("prompt");
    ASSERT_EQ(prompt.at("kind"), "hostkey");
    if (type == "answer") {
      // To another question: as if one had been answered too late, it says nothing.
      const auto other = prompt.at("id").get<int>() + 1;
      browser.send({{"type", "answer"}, {"prompt", other}, {"accept", true}});
      browser.hang_up();
      EXPECT_EQ(browser.close_code(), 1000u);
    } else if (type == "close") {
      browser.send(frame);
      EXPECT_EQ(browser.close_code(), 1000u);
    } else {
      browser.send(frame);
      expect_refused(browser);
    }
    expect_all_gone();
    EXPECT_EQ(host.auth_requests(), 0);
  }
}

// An answer belongs to the connection that was asked. Two are asked at once, each by a question of
// its own host, and one of them answers for both.
TEST_F(Promise15EveryFrame, WithSomebodyElsesIdsTouchesNobody) {
  ScriptedSshServer host;
  auto asked = connect();
  asked.send(open_frame(host.port(), password("right horse")));
  const auto prompt = asked.expect("prompt");

  ScriptedSshServer other_host;
  Ticket theirs;
  auto owner = open(open_frame(other_host.port(), password("right horse")));
  for (const auto& [type, frame] : frames_) {
    SCOPED_TRACE(type);
    auto stranger = connect();
    auto sent = frame;
    if (sent.contains("prompt")) sent["prompt"] = prompt.at("id");
    if (sent.contains("seq")) sent["seq"] = 1;
    if (sent.contains("end")) sent["end"] = 0;
    if (type == "open") continue;  // names no other's id
    stranger.send(sent);
    stranger.close_code();
  }
  EXPECT_EQ(host.auth_requests(), 0);
  owner.type("still mine\n");
  owner.expect_output("still mine\n");
  owner.hang_up();
  owner.close_code();
  // The one that was asked can still answer.
  asked.send({{"type", "answer"}, {"prompt", prompt.at("id")}, {"accept", true}});
  asked.expect("opened");
  asked.hang_up();
  asked.close_code();
}

}  // namespace
}  // namespace sallyport::support
