#include "net/proxy_protocol.h"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::net {
namespace {

using namespace std::string_literals;
using State = ProxyParse::State;

std::string read(const std::string& bytes) {
  const auto parsed = parse_proxy_header(bytes);
  if (parsed.state == State::kBad) return "bad";
  if (parsed.state == State::kIncomplete) return "incomplete";
  return std::to_string(parsed.bytes) + " " +
         (parsed.header.client ? parsed.header.client->text() : "-") +
         (parsed.header.secure ? " tls" : "");
}

const std::string kSignature = "\r\n\r\n\0\r\nQUIT\n"s;

std::string binary(char command, char family, const std::string& rest) {
  return kSignature + command + family + static_cast<char>(rest.size() >> 8) +
         static_cast<char>(rest.size() & 0xff) + rest;
}

const std::string kV4 = "\xc0\x00\x02\x07\x0a\x00\x00\x01\xc8\x2e\x01\xbb"s;  // 192.0.2.7:51246
const std::string kV6 = "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x07" +
                        std::string(15, '\0') + "\x01\xc8\x2e\x01\xbb";

TEST(ProxyProtocol, ALineNamesTheClient) {
  EXPECT_EQ(read("PROXY TCP4 192.0.2.7 10.0.0.1 51246 443\r\nGET /"), "41 192.0.2.7:51246");
  EXPECT_EQ(read("PROXY TCP6 2001:db8::7 fd00::1 51246 443\r\n"), "42 [2001:db8::7]:51246");
  EXPECT_EQ(read("PROXY UNKNOWN\r\n"), "15 -");
  EXPECT_EQ(read("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n"), "59 -");
}

TEST(ProxyProtocol, ALineThatIsSpeltOtherwiseIsRefused) {
  for (const char* line :
       {"PROXY TCP4 192.0.2.7 10.0.0.1 51246\r\n", "PROXY TCP4 192.0.2.7 10.0.0.1 51246 443 1\r\n",
        "PROXY TCP4  192.0.2.7 10.0.0.1 51246 443\r\n", "PROXY TCP4 2001:db8::7 ::1 51246 443\r\n",
        "PROXY TCP6 192.0.2.7 10.0.0.1 51246 443\r\n", "PROXY UDP4 192.0.2.7 10.0.0.1 1 443\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 65536 443\r\n", "PROXY TCP4 192.0.2.7 10.0.0.1 051 443\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 -1 443\r\n", "PROXY TCP4 192.0.2 10.0.0.1 1 443\r\n",
        "PROXY TCP6 fe80::1%lo fd00::1 1 443\r\n", "proxy TCP4 192.0.2.7 10.0.0.1 1 443\r\n",
        "PROXY \r\n", "PROXY tcp4 192.0.2.7 10.0.0.1 1 443\r\n", "GET / HTTP/1.1\r\n"}) {
    EXPECT_EQ(read(line), "bad") << line;
  }
  EXPECT_EQ(read("PROXY UNKNOWN " + std::string(93, 'x')), "bad") << "107 bytes and no end";
}

TEST(ProxyProtocol, BytesOfVersion2NameTheClient) {
  EXPECT_EQ(read(binary(0x21, 0x11, kV4) + "GET /"), "28 192.0.2.7:51246");
  EXPECT_EQ(read(binary(0x21, 0x21, kV6)), "52 [2001:db8::7]:51246");
  EXPECT_EQ(read(binary(0x21, 0x31, std::string(216, 'x'))), "232 -");
  EXPECT_EQ(read(binary(0x21, 0x00, "whatever")), "24 -");
  EXPECT_EQ(read(binary(0x20, 0x11, "health")), "22 -") << "LOCAL";
}

TEST(ProxyProtocol, AnAdditionSaysThatTheClientCameByTls) {
  const std::string authority =
      "\x02\x00\x03"
      "gat"s;
  EXPECT_EQ(read(binary(0x21, 0x11, kV4 + authority + "\x20\x00\x05\x01\x00\x00\x00\x00"s)),
            "42 192.0.2.7:51246 tls");
  EXPECT_EQ(read(binary(0x21, 0x11, kV4 + "\x20\x00\x05\x00\x00\x00\x00\x00"s)),
            "36 192.0.2.7:51246");
}

TEST(ProxyProtocol, BytesThatAreNotVersion2AreRefused) {
  EXPECT_EQ(read(binary(0x11, 0x11, kV4)), "bad") << "version 1 in binary";
  EXPECT_EQ(read(binary(0x22, 0x11, kV4)), "bad") << "no such command";
  EXPECT_EQ(read(binary(0x21, 0x12, kV4)), "bad") << "UDP";
  EXPECT_EQ(read(binary(0x21, 0x11, kV4.substr(1))), "bad");
  EXPECT_EQ(read(binary(0x21, 0x21, kV4)), "bad");
  EXPECT_EQ(read(binary(0x21, 0x11, kV4 + "\x02\x00"s)), "bad") << "an addition that is cut";
  EXPECT_EQ(read(binary(0x21, 0x11, kV4 + "\x02\x00\x05gat"s)), "bad") << "longer than the rest";
  EXPECT_EQ(read(binary(0x21, 0x11, kV4 + "\x20\x00\x01\x01"s)), "bad") << "TLS without its part";
  EXPECT_EQ(read(binary(0x21, 0x11, std::string(kProxyHeaderLimit - 15, 'x'))), "bad")
      << "too long";
}

TEST(ProxyProtocol, EveryBeginningOfAHeaderIsIncompleteAndNoByteBehindItIsItsOwn) {
  for (const auto& header : {"PROXY TCP4 192.0.2.7 10.0.0.1 51246 443\r\n"s, "PROXY UNKNOWN\r\n"s,
                             binary(0x21, 0x11, kV4), binary(0x21, 0x21, kV6)}) {
    for (std::size_t length = 0; length < header.size(); ++length)
      EXPECT_EQ(read(header.substr(0, length)), "incomplete") << length;
    EXPECT_EQ(parse_proxy_header(header + "PROXY ").bytes, header.size());
  }
}

}  // namespace
}  // namespace sallyport::net
