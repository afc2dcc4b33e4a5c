// Promise 2: the address that was checked is the address that is dialled; metadata, link-local, the
// gateway's own listeners and, unless named, loopback are refused, however they are spelled.
#include <gmock/gmock.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "net/interfaces.h"
#include "played_names.h"
#include "support/gateway_fixture.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

namespace ip = boost::asio::ip;

// A place that nobody may reach: it counts who does.
class Trap {
 public:
  explicit Trap(const std::string& address, unsigned port = 0)
      : acceptor_(context_, {ip::make_address(address), static_cast<ip::port_type>(port)}) {
    acceptor_.non_blocking(true);
  }
  unsigned port() const { return acceptor_.local_endpoint().port(); }
  // The kernel has finished a handshake before connect(2) returns, so whoever came is in the queue.
  int caught() {
    boost::system::error_code none;
    while (true) {
      ip::tcp::socket socket(context_);
      acceptor_.accept(socket, none);
      if (none) return caught_;
      ++caught_;
    }
  }

 private:
  boost::asio::io_context context_;
  ip::tcp::acceptor acceptor_;
  int caught_ = 0;
};

std::vector<policy::Rule> rules(std::initializer_list<const char*> texts) {
  std::vector<policy::Rule> made;
  for (const auto* text : texts) made.push_back(*policy::Rule::parse(text));
  return made;
}

// Everything that getaddrinfo(3), inet_aton(3) or a lenient parser takes for 127.0.0.1 or ::1, and
// what only looks like it.
constexpr std::array kLoopbackSpellings{
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0X7F.1",
    "0177.0.0.01",
    "127.0.0.1.",
    "0",
    "0.0.0.0",
    "0x0",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "LocalHost.",
    "ip6-localhost",
    "::1",
    "0:0:0:0:0:0:0:1",
    "::ffff:127.0.0.1",
    "::FFFF:7F00:1",
    "0:0:0:0:0:ffff:127.0.0.1",
    "::127.0.0.1",
    "::",
    "::1%lo",
    "[::1]",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    // Compatibility characters that IDNA maps to digits, dots and letters.
    "１２７.0.0.1",
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "loc\u00adalhost",
    "xn--localhost-.",
};

class Promise02CheckedAddressIsDialled : public GatewayTest {
 protected:
  Promise02CheckedAddressIsDialled() {
    // A trap that catches somebody says nothing: the test goes on soon, to fail.
    settings().handshake_timeout = std::chrono::seconds(2);
  }
  // How an attempt at `host` ends: the error's code, or "opened".
  std::string attempt(const std::string& host, unsigned port) {
    auto browser = connect();
    browser.send(open_frame(port, password("right horse"), {{"host", host}}));
    browser.wait_until([&] { return browser.has_event(); }, "an answer");
    const auto answer = browser.take_event();
    if (answer.at("type") != "error") browser.hang_up();
    return answer.value("code", answer.at("type").get<std::string>());
  }
};

TEST_F(Promise02CheckedAddressIsDialled, NoSpellingOfLoopbackReachesIt) {
  for (const auto& unnamed : {rules({}), rules({"*"}), rules({"*", "0.0.0.0/0", "::/0"}),
                              rules({"localhost", "127*localhost"})}) {
    settings().targets.allow = unnamed;
    start();
    Trap v4("127.0.0.1");
    std::unique_ptr<Trap> v6;
    try {
      v6 = std::make_unique<Trap>("::1", v4.port());
    } catch (const std::exception&) {
      // a machine without IPv6
    }
    for (const auto* spelling : kLoopbackSpellings) {
      const auto code = attempt(spelling, v4.port());
      EXPECT_THAT(code, testing::AnyOf("not-allowed", "not-found", "bad-frame")) << spelling;
      EXPECT_EQ(v4.caught(), 0) << spelling;
      if (v6) {
        EXPECT_EQ(v6->caught(), 0) << spelling;
      }
    }
    for (const auto* understood : {"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0", "::1",
                                   "::ffff:127.0.0.1", "localhost"}) {
      EXPECT_EQ(attempt(understood, v4.port()), "not-allowed") << understood;
    }
    stop();
  }
}

// The same spellings do reach it where it is named, or the test above would show nothing.
TEST_F(Promise02CheckedAddressIsDialled, LoopbackThatIsNamedIsReachedInItsSpellings) {
  settings().targets.allow = rules({"127.0.0.0/8"});
  start();
  const ScriptedSshServer host;
  for (const auto* spelling :
       {"127.0.0.1", "127.1", "2130706433", "0x7f000001", "::ffff:127.0.0.1"}) {
    EXPECT_EQ(attempt(spelling, host.port()), "opened") << spelling;
  }
  EXPECT_EQ(host.connections(), 5);
}

TEST_F(Promise02CheckedAddressIsDialled, NoRuleReachesMetadataOrLinkLocalOrMulticast) {
  settings().targets.allow = rules({"*", "0.0.0.0/0", "::/0", "169.254.169.254", "fd00:ec2::254"});
  start();
  for (const auto* spelling :
       {"169.254.169.254", "2852039166", "0xA9FEA9FE", "0251.0376.0251.0376", "169.254.43518",
        "169.254.169.254.", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1", "fd00:ec2::254", "FD00:EC2:0:0::254", "fe80::1%lo", "224.0.0.1",
        "ff02::1", "255.255.255.255", "100.100.100.200", "168.63.129.16"}) {
    const auto code = attempt(spelling, 80);
    EXPECT_THAT(code, testing::AnyOf("not-allowed", "not-found")) << spelling;
  }
  EXPECT_EQ(attempt("2852039166", 80), "not-allowed");
}

TEST_F(Promise02CheckedAddressIsDialled, TheGatewaysOwnListenersAreNoTargets) {
  settings().listen_address = "0.0.0.0";
  settings().metrics_address = "0.0.0.0";
  settings().targets.allow = rules({"*", "127.0.0.0/8", "::1"});
  start();
  std::vector<std::string> ways{"127.0.0.1",  "127.9.9.9",       "::1", "localhost", "0",
                                "2130706433", "::ffff:127.0.0.1"};
  for (const auto& address : net::interface_addresses()) {
    // Link-local ones are never targets; a scope would not survive the policy's spelling.
    ways.push_back(
        ip::make_address(address.to_string().substr(0, address.to_string().find('%'))).to_string());
  }
  for (const auto& way : ways) {
    EXPECT_EQ(attempt(way, gateway().port()), "not-allowed") << way;
    EXPECT_EQ(attempt(way, gateway().metrics_port()), "not-allowed") << way << " metrics";
  }
}

TEST_F(Promise02CheckedAddressIsDialled, OfSeveralAnswersOnlyTheAllowedAreDialled) {
  settings().targets.allow = rules({"127.0.0.1"});
  start();
  const ScriptedSshServer host;
  Trap refused("127.0.0.2", host.port());
  play_answers("several.played", {{"127.0.0.2", "169.254.169.254", "127.0.0.1", "127.0.0.2"}});
  EXPECT_EQ(attempt("several.played", host.port()), "opened");
  EXPECT_EQ(refused.caught(), 0);

  play_answers("none.played", {{"127.0.0.2", "169.254.169.254", "::1"}});
  EXPECT_EQ(attempt("none.played", host.port()), "not-allowed");
  EXPECT_EQ(refused.caught(), 0);
}

// Nobody listens at the allowed address: the next try must not go where the name points by now.
TEST_F(Promise02CheckedAddressIsDialled, AnAnswerThatChangesAfterTheCheckChangesNothing) {
  settings().targets.allow = rules({"127.0.0.1"});
  start();
  const ScriptedSshServer host;
  Trap refused("127.0.0.2", host.port());
  play_answers("rebound.played", {{"127.0.0.1"}, {"127.0.0.2"}});
  EXPECT_EQ(attempt("rebound.played", host.port()), "opened");
  EXPECT_EQ(lookups("rebound.played"), 1) << "what is looked up twice can differ";
  EXPECT_EQ(refused.caught(), 0);
  EXPECT_EQ(attempt("rebound.played", host.port()), "not-allowed") << "each login is judged anew";

  Trap elsewhere("127.0.0.2");  // and nobody at 127.0.0.1 on this port
  play_answers("gone.played", {{"127.0.0.1"}, {"127.0.0.2"}});
  EXPECT_EQ(attempt("gone.played", elsewhere.port()), "refused");
  EXPECT_EQ(elsewhere.caught(), 0);
}

}  // namespace
}  // namespace sallyport::support
