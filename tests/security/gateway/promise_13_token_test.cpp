// A session's token is 256 random bits, opens that session and nothing else, and is dead with it.
#include <set>

#include "support/resume_fixture.h"

namespace sallyport::support {
namespace {

class Promise13Token : public ReturnTest {
 protected:
  void SetUp() override { start(); }
  void expect_no_such_session(const Json& frame) {
    SCOPED_TRACE(frame.dump());
    auto stranger = send_first(frame);
    EXPECT_EQ(told(stranger.expect("error")),
              "running no-such-session: There is no such session. | It has ended. Connect again.");
    EXPECT_EQ(stranger.close_code(), 4004u);
  }
  ScriptedSshServer host_;
};

TEST_F(Promise13Token, OnlyTheSessionsOwnOpensIt) {
  Ticket mine;
  Ticket yours;
  auto browser = open_session(host_, mine);
  auto other = open_session(host_, yours);
  auto wrong = mine.token;
  wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
  expect_no_such_session(attach_frame(mine, 0, {{"token", wrong}}));
  expect_no_such_session(attach_frame(mine, 0, {{"token", ""}}));
  expect_no_such_session(attach_frame(mine, 0, {{"token", mine.token.substr(1)}}));
  expect_no_such_session(attach_frame(mine, 0, {{"token", mine.token + "A"}}));
  expect_no_such_session(attach_frame(mine, 0, {{"token", yours.token}}));
  expect_no_such_session(attach_frame(mine, 0, {{"token", mine.watch}}));
  expect_no_such_session(attach_frame(mine, 0, {{"watch", true}}));
  expect_no_such_session(attach_frame(mine, 0, {{"session", yours.session}}));
  expect_no_such_session(attach_frame(mine, 0, {{"session", "no such"}}));
  // Nobody noticed.
  browser.type("still mine\n");
  browser.expect_output("still mine\n");
  browser.hang_up();
  other.hang_up();
  browser.close_code();
}

TEST_F(Promise13Token, IsDeadWithItsSession) {
  Ticket ticket;
  auto browser = open_session(host_, ticket);
  browser.type("!exit 0\n");
  EXPECT_EQ(browser.close_code(), 1000u);
  expect_no_such_session(attach_frame(ticket, 0));
  expect_no_such_session(watch_frame(ticket, 0));
}

// 43 characters of base64url (RFC 4648, section 5) carry 258 bits: 256 and two zeros. Among 40
// tokens each of the 256 is 0 somewhere and 1 somewhere else, save once in 2 * 10^9 runs.
TEST_F(Promise13Token, Is256RandomBits) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  constexpr std::size_t kSessions = 20;
  std::set<std::string> seen;
  std::vector<WebSocketClient> browsers;
  std::vector<unsigned> ones(43 * 6);
  for (std::size_t i = 0; i < kSessions; ++i) {
    Ticket ticket;
    browsers.push_back(open_session(host_, ticket));
    for (const std::string& token : {ticket.token, ticket.watch}) {
      ASSERT_EQ(token.size(), 43u);
      EXPECT_TRUE(seen.insert(token).second);
      for (std::size_t at = 0; at < token.size(); ++at) {
        const auto value = kAlphabet.find(token[at]);
        ASSERT_NE(value, std::string_view::npos) << token;
        for (std::size_t bit = 0; bit < 6; ++bit) ones[at * 6 + bit] += value >> (5 - bit) & 1;
      }
    }
  }
  for (std::size_t bit = 0; bit < 256; ++bit) {
    EXPECT_GT(ones[bit], 0u) << bit;
    EXPECT_LT(ones[bit], 2 * kSessions) << bit;
  }
  for (auto& browser : browsers) {
    browser.hang_up();
    browser.close_code();
  }
}

}  // namespace
}  // namespace sallyport::support
