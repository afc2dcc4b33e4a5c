#include "web/proxies.h"

#include <gtest/gtest.h>

namespace sallyport::web {
namespace {

net::Peer at(const char* address, unsigned port = 0) {
  return net::Peer::at(boost::asio::ip::make_address(address), port);
}

Proxies listed(const std::vector<std::string>& networks) {
  std::vector<policy::Network> trusted;
  for (const auto& text : networks) trusted.push_back(policy::Network::parse(text).value());
  return Proxies(std::move(trusted));
}

using Fields = std::vector<std::pair<std::string, std::string>>;

Request request(const Fields& fields) {
  Request made;
  for (const auto& [name, value] : fields) made.insert(name, value);
  return made;
}

// Who called, by what, and as whom it was asked, when `from` said `fields`.
std::string called(const Proxies& proxies, const net::Peer& from, const Fields& fields) {
  const Caller caller = proxies.caller(request(fields), {from, false, {}});
  return caller.peer.text() + (caller.secure ? " https " : " http ") + caller.host;
}

const Fields kForwarded{{"X-Forwarded-For", "192.0.2.7"},
                        {"X-Forwarded-Proto", "https"},
                        {"X-Forwarded-Host", "ssh.example.org"}};

TEST(Promise09ProxyHeaders, CountFromAListedProxy) {
  EXPECT_EQ(called(listed({"10.0.0.0/8"}), at("10.0.0.1", 4000), kForwarded),
            "192.0.2.7 https ssh.example.org");
  EXPECT_EQ(called(listed({"fd00::/8"}), at("fd00::1", 4000), kForwarded),
            "192.0.2.7 https ssh.example.org");
  EXPECT_EQ(called(listed({"127.0.0.1"}), at("::ffff:127.0.0.1", 4000), kForwarded),
            "192.0.2.7 https ssh.example.org");
}

TEST(Promise09ProxyHeaders, CountFromWhoeverMayOpenTheUnixSocket) {
  EXPECT_EQ(called(Proxies(), {.kind = net::Peer::Kind::kUnix}, kForwarded),
            "192.0.2.7 https ssh.example.org");
}

TEST(Promise09ProxyHeaders, ChangeNothingFromElsewhere) {
  EXPECT_EQ(called(Proxies(), at("127.0.0.1", 4000), kForwarded), "127.0.0.1:4000 http ");
  EXPECT_EQ(called(listed({"10.0.0.0/8"}), at("11.0.0.1", 4000), kForwarded),
            "11.0.0.1:4000 http ");
  EXPECT_EQ(called(listed({"0.0.0.0/0"}), at("fd00::1", 4000), kForwarded), "[fd00::1]:4000 http ");
  EXPECT_EQ(called(listed({"0.0.0.0/0", "[::]/0"}), {}, kForwarded), "gone http ");
}

TEST(Promise09ProxyHeaders, NameTheLastOneThatNoListedProxyIs) {
  const auto proxies = listed({"10.0.0.0/8"});
  const auto from = at("10.0.0.1", 4000);
  const auto client = [&](const std::string& chain) {
    return called(proxies, from, {{"X-Forwarded-For", chain}});
  };
  EXPECT_EQ(client("192.0.2.66, 192.0.2.7, 10.0.0.3, 10.0.0.2"), "192.0.2.7 http ");
  EXPECT_EQ(client("127.0.0.1, 192.0.2.7"), "192.0.2.7 http ") << "what the client invented";
  EXPECT_EQ(client("10.0.0.3, 10.0.0.2"), "10.0.0.3 http ");
  EXPECT_EQ(client("[2001:db8::7]:5000"), "[2001:db8::7]:5000 http ");
  EXPECT_EQ(client("2001:db8::7"), "2001:db8::7 http ");
  EXPECT_EQ(client("192.0.2.7:5000"), "192.0.2.7:5000 http ");
  EXPECT_EQ(client(" ,192.0.2.7 , "), "192.0.2.7 http ");
  EXPECT_EQ(
      called(proxies, from, {{"X-Forwarded-For", "192.0.2.66"}, {"X-Forwarded-For", "192.0.2.7"}}),
      "192.0.2.7 http ")
      << "several fields are one list";
  std::string many;
  for (int i = 0; i < 500; ++i) many += "10.9.9.9, ";
  EXPECT_EQ(client("192.0.2.66, " + many + "192.0.2.7"), "192.0.2.7 http ");
}

TEST(Promise09ProxyHeaders, WhatIsNoAddressEndsTheChain) {
  const auto proxies = listed({"10.0.0.0/8"});
  for (const char* chain : {"", "unknown", "192.0.2.7, 300.1.1.1", "192.0.2.7, 192.0.2.8:99999",
                            "192.0.2.7, [fd00::1", "192.0.2.7, _hidden", "192.0.2.7, 10.1"}) {
    EXPECT_EQ(called(proxies, at("10.0.0.1", 4000), {{"X-Forwarded-For", chain}}),
              "10.0.0.1:4000 http ")
        << chain;
  }
}

TEST(Promise09ProxyHeaders, TheNearestProxysWordCounts) {
  const auto proxies = listed({"10.0.0.0/8"});
  const auto from = at("10.0.0.1", 4000);
  EXPECT_EQ(called(proxies, from, {{"X-Forwarded-Proto", "https, http"}}), "10.0.0.1:4000 http ");
  EXPECT_EQ(called(proxies, from, {{"X-Forwarded-Proto", "wss"}}), "10.0.0.1:4000 http ");
  EXPECT_EQ(called(proxies, from, {{"X-Forwarded-Host", "evil.example, ssh.example.org"}}),
            "10.0.0.1:4000 http ssh.example.org");
  const Caller tls = proxies.caller(request({{"X-Forwarded-Proto", "http"}}), {from, true, {}});
  EXPECT_FALSE(tls.secure) << "TLS between the proxy and us says nothing of the browser";
}

}  // namespace
}  // namespace sallyport::web
