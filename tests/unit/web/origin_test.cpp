#include "web/origin.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sallyport::web {
namespace {

struct Case {
  std::optional<std::string> origin;
  std::string host;
  bool allowed;
};

// How gtest names a case when it fails.
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.origin.value_or("(none)") << " at " << c.host;
}

class OriginTable : public testing::TestWithParam<Case> {};

TEST_P(OriginTable, IsDecidedExactly) {
  const OriginRule rule(
      {"https://example.com", "https://ssh.corp.example:8443", "http://[2001:db8::1]:8022"});
  EXPECT_EQ(rule.allows(GetParam().origin, GetParam().host, "http"), GetParam().allowed);
}

INSTANTIATE_TEST_SUITE_P(
    Listed, OriginTable,
    testing::Values(
        Case{"https://example.com", "example.com", true},
        Case{"https://example.com:443", "example.com", true},  // its scheme's own port, said
        Case{"HTTPS://Example.COM", "example.com", true},
        Case{"https://example.com", "10.0.0.1:8022", true},  // behind a proxy that sets Host
        Case{"https://ssh.corp.example:8443", "x", true},
        Case{"http://[2001:db8:0::1]:8022", "x", true},  // another spelling of one address
        Case{std::nullopt, "example.com", false}, Case{"", "example.com", false},
        Case{"null", "example.com", false},
        Case{"https://other.example", "example.com", false},     // other host
        Case{"https://example.com:8443", "example.com", false},  // other port
        Case{"https://ssh.corp.example", "x", false},            // the port left out
        Case{"https://sub.example.com", "example.com", false},   // sub-domain
        Case{"https://evil-example.com", "example.com", false},  // suffix
        Case{"https://example.com.evil", "example.com", false},  // prefix
        Case{"http://example.com", "example.com", false},        // http for https
        Case{"http://example.com:443", "example.com", false},
        Case{"https://example.com/", "example.com", false},  // no origin: a URL
        Case{"https://example.com.", "example.com", false},  // another name in DNS' eyes
        Case{"https://user@example.com", "example.com", false},
        Case{"https://example.com@evil.com", "example.com", false},
        Case{"https://example.com https://evil.com", "example.com", false},
        Case{"https://example.com:", "example.com", false},
        Case{"https://example.com:0", "example.com", false},
        Case{"https://example.com:99999", "example.com", false},
        Case{"https://exаmple.com", "example.com", false},  // a Cyrillic letter
        Case{"ftp://example.com", "example.com", false},
        Case{"chrome-extension://example.com", "example.com", false},
        Case{"https:example.com", "example.com", false},
        Case{"//example.com", "example.com", false}));

INSTANTIATE_TEST_SUITE_P(
    OurOwnAddress, OriginTable,
    testing::Values(
        Case{"http://127.0.0.1:8022", "127.0.0.1:8022", true},
        Case{"http://localhost:8022", "localhost:8022", true},
        Case{"http://localhost:8022", "LOCALHOST:8022", true},
        Case{"http://[::1]:8022", "[::1]:8022", true}, Case{"http://10.0.0.7", "10.0.0.7", true},
        Case{"http://10.0.0.7", "10.0.0.7:80", true},
        Case{"http://127.0.0.1:8023", "127.0.0.1:8022", false},
        Case{"http://127.0.0.1", "127.0.0.1:8022", false},
        Case{"http://127.0.0.2:8022", "127.0.0.1:8022", false},
        Case{"http://localhost:8022", "127.0.0.1:8022", false},
        Case{"https://127.0.0.1:8022", "127.0.0.1:8022",
             false},  // who has TLS in front lists the origin
        Case{"http://gateway.corp:8022", "gateway.corp:8022",
             false},  // a name can be made to point at us
        Case{"http://localhost.evil.com:8022", "localhost.evil.com:8022", false},
        Case{"http://evil.localhost:8022", "evil.localhost:8022", false},
        Case{"http://127.0.0.1.evil.com:8022", "127.0.0.1.evil.com:8022", false},
        Case{"http://127.1:8022", "127.1:8022", false},  // browsers never send these spellings
        Case{"http://0x7f000001:8022", "0x7f000001:8022", false},
        Case{"null", "127.0.0.1:8022", false}, Case{std::nullopt, "127.0.0.1:8022", false},
        Case{"http://127.0.0.1:8022", "", false}, Case{"http://", "", false},
        Case{"http://[::1]:8022", "::1:8022", false}, Case{"http://[::1", "[::1", false},
        Case{"http://[fe80::1%25eth0]:8022", "[fe80::1%25eth0]:8022", false}));

TEST(Origin, ListingSomethingThatIsNoOriginIsSaidInASentence) {
  try {
    const OriginRule rule({"ssh.corp.example"});
    FAIL() << "was taken";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "\"ssh.corp.example\" is no origin. Write scheme, host and, where it is not the "
                 "scheme's own, port, like "
                 "https://ssh.corp.example or https://ssh.corp.example:8443.");
  }
}

TEST(Origin, AnEmptyListStillServesTheLoopback) {
  const OriginRule rule({});
  EXPECT_TRUE(rule.allows("http://127.0.0.1:8022", "127.0.0.1:8022", "http"));
  EXPECT_FALSE(rule.allows("https://example.com", "example.com", "https"));
}

}  // namespace
}  // namespace sallyport::web
