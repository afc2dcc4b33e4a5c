// What an independent tester (sslscan) finds at the TLS listener.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <regex>
#include <set>

#include "support/gateway_fixture.h"
#include "support/openssh_server.h"
#include "support/throwaway_certificate.h"

namespace sallyport::support {
namespace {

using testing::HasSubstr;
using testing::Not;

class TlsScan : public GatewayTest {
 protected:
  std::string scan(const CertificateWish& wish) {
    settings().tls = make_certificate_files(folder_.path(), "gate", wish);
    start();
    return run_program({system_program("sslscan"), "--no-colour", "--xml=-", "--show-cert",
                        "127.0.0.1:" + std::to_string(gateway().port())});
  }
  static std::set<std::string> all(const std::string& text, const std::string& pattern) {
    std::set<std::string> found;
    const std::regex expression(pattern);
    for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at)
      found.insert((*at)[1].str() + (at->size() > 2 ? " " + (*at)[2].str() : ""));
    return found;
  }

  TemporaryFolder folder_;
};

const std::set<std::string> kProtocols{"tls 1.2", "tls 1.3"};

void expect_good(const std::string& report, const std::set<std::string>& suites,
                 const std::function<std::set<std::string>(const std::string&)>& find) {
  EXPECT_EQ(find(R"re(<protocol type="([^"]*)" version="([^"]*)" enabled="1")re"), kProtocols);
  EXPECT_EQ(find(R"re(<cipher [^>]*sslversion="([^"]*)" [^>]*cipher="([^"]*)")re"), suites);
  // sslscan calls TLS 1.3's own three "acceptable", because their names do not say ECDHE.
  for (const std::string& strength : find(R"re(<cipher [^>]*strength="([^"]*)")re"))
    EXPECT_TRUE(strength == "strong" || strength == "acceptable") << strength;
  EXPECT_THAT(report, HasSubstr(R"(<renegotiation supported="0" secure="0")"));
  EXPECT_THAT(report, HasSubstr(R"(vulnerable="0")"));
  EXPECT_THAT(report, Not(HasSubstr(R"(vulnerable="1")")));
  EXPECT_THAT(report, Not(HasSubstr(R"(<compression supported="1")")));
  const auto groups = find(R"re(<group [^>]*name="([^"]*)")re");
  for (const std::string& group : groups) {
    EXPECT_TRUE(group.contains("25519") || group.contains("256") || group.contains("384")) << group;
  }
  EXPECT_FALSE(groups.empty());
}

TEST_F(TlsScan, FindsModernProtocolsAndSuitesOnly) {
  const std::string report = scan({});
  expect_good(report,
              {"TLSv1.3 TLS_AES_128_GCM_SHA256", "TLSv1.3 TLS_AES_256_GCM_SHA384",
               "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256", "TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256",
               "TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384", "TLSv1.2 ECDHE-ECDSA-CHACHA20-POLY1305"},
              [&](const std::string& pattern) { return all(report, pattern); });
}

TEST_F(TlsScan, FindsNoMoreWithAnRsaKey) {
  const std::string report = scan({.rsa = true});
  expect_good(report,
              {"TLSv1.3 TLS_AES_128_GCM_SHA256", "TLSv1.3 TLS_AES_256_GCM_SHA384",
               "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256", "TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256",
               "TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384", "TLSv1.2 ECDHE-RSA-CHACHA20-POLY1305"},
              [&](const std::string& pattern) { return all(report, pattern); });
}

}  // namespace
}  // namespace sallyport::support
