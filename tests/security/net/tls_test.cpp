// TLS in the program: what it speaks and what it does not, and that a terminal lives under it as it
// does without.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <filesystem>
#include <future>
#include <thread>

#include "net/tls_certificates.h"
#include "raw_client.h"
#include "support/gateway_fixture.h"
#include "support/openssh_server.h"
#include "support/scripted_ssh_server.h"
#include "support/throwaway_certificate.h"
#include "support/tls_client.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kAskPage = "GET / HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n";

class Tls : public GatewayTest {
 protected:
  Tls() { settings().tls = make_certificate_files(files_.path(), "gate"); }

  std::string own_origin() const {
    return "https://127.0.0.1:" + std::to_string(socket_options().port);
  }
  // An upgraded socket through the tunnel, with the names a browser without one would send.
  WebSocketClient connect_by(const TlsTunnel& tunnel) {
    WebSocketClient client(options_by(tunnel));
    EXPECT_EQ(client.upgrade(), 101U) << client.refusal();
    return client;
  }
  WebSocketOptions options_by(const TlsTunnel& tunnel) const {
    WebSocketOptions options = socket_options();
    options.host = "127.0.0.1:" + std::to_string(options.port);
    options.origin = own_origin();
    options.port = tunnel.port();
    return options;
  }
  std::string subject_shown() { return TlsClient(gateway().port()).subject(); }

  TemporaryFolder files_;
};

TEST_F(Tls, ATerminalLivesUnderItToItsVeryEnd) {
  OpenSshServer server;
  start();
  const TlsTunnel tunnel(gateway().port());
  auto browser = connect_by(tunnel);
  browser.send(open_frame(server.port(), key(server.key()), {{"username", server.user()}}));
  browser.expect("opened");
  // More than fits in any buffer on the way, so that records are cut and writes wait.
  browser.type("stty -echo; seq 1 200000; echo the-\"end\"; exit 7\n");
  std::string expected;
  for (int line = 1; line <= 200000; ++line) expected += std::to_string(line) + "\r\n";
  EXPECT_THAT(browser.expect_output("the-end"), HasSubstr(expected));
  EXPECT_EQ(browser.expect("exited").at("status"), 7);
  EXPECT_EQ(browser.close_code(), 1000U);
}

TEST_F(Tls, APasteOfManyRecordsArrivesWhole) {
  start();
  ScriptedSshServer server;
  const TlsTunnel tunnel(gateway().port());
  auto browser = connect_by(tunnel);
  browser.send(open_frame(server.port(), password("right horse")));
  browser.expect("opened");
  std::string text;
  for (int line = 0; line < 2000; ++line) text += "line " + std::to_string(line) + "\n";
  for (std::size_t at = 0; at < text.size(); at += 8192) browser.type(text.substr(at, 8192));
  browser.expect_output("line 1999");
}

TEST_F(Tls, TheGatewaysStopIsTold) {
  settings().stop_grace = 20s;
  start();
  ScriptedSshServer server;
  const TlsTunnel tunnel(gateway().port());
  auto browser = connect_by(tunnel);
  browser.send(open_frame(server.port(), password("right horse")));
  browser.expect("opened");
  std::thread stopper([this] { gateway().stop(); });
  EXPECT_EQ(browser.expect("error").at("code"), "gateway-stopping");
  EXPECT_EQ(browser.close_code(), 1001U);
  stopper.join();
}

TEST_F(Tls, AFrameThatBreaksTheProtocolIsAnsweredAndClosed) {
  start();
  const TlsTunnel tunnel(gateway().port());
  auto browser = connect_by(tunnel);
  browser.send_text("not a frame");
  EXPECT_EQ(browser.expect("error").at("code"), "bad-frame");
  EXPECT_NE(browser.close_code(), 1006U);
}

TEST_F(Tls, ABrowserThatVanishesLeavesNothingBehind) {
  start();
  ScriptedSshServer server;
  const TlsTunnel tunnel(gateway().port());
  for (int turn = 0; turn < 3; ++turn) {
    auto browser = connect_by(tunnel);
    browser.send(open_frame(server.port(), password("right horse")));
    browser.expect("opened");
    browser.drop();
  }
  expect_all_gone();
}

TEST_F(Tls, OnlyThePageThatCameByHttpsMayOpenATerminal) {
  start();
  const TlsTunnel tunnel(gateway().port());
  auto options = options_by(tunnel);
  options.origin = "http://" + options.host;
  EXPECT_EQ(WebSocketClient(options).upgrade(), 403U);
  options.origin = "https://" + options.host;
  EXPECT_EQ(WebSocketClient(options).upgrade(), 101U);
}

TEST_F(Tls, BrowsersAreToldToInsistOnIt) {
  start();
  TlsClient client(gateway().port(), {.protocol = "http/1.1"});
  ASSERT_TRUE(client.connected()) << client.trouble();
  EXPECT_EQ(client.protocol(), "http/1.1");
  EXPECT_EQ(client.version(), "TLSv1.3");
  client.send(kAskPage);
  const std::string page = client.read_to_end();
  EXPECT_THAT(page, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(page, HasSubstr("\r\nStrict-Transport-Security: max-age=31536000\r\n"));
  EXPECT_TRUE(client.said_goodbye()) << "a page that was cut must not look whole";
}

TEST_F(Tls, PlainHttpIsToldWhatToWrite) {
  start();
  auto options = socket_options();
  WebSocketClient plain(options);
  EXPECT_EQ(plain.upgrade(), 400U);
  EXPECT_EQ(plain.refusal(), "This address speaks HTTPS only: open it with https:// in front.\n");
}

TEST_F(Tls, OldVersionsAndSuitesAreNotSpoken) {
  start();
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    EXPECT_FALSE(TlsClient(gateway().port(), {.least_version = version, .most_version = version})
                     .connected())
        << version;
  }
  for (const char* suite : {"ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "AES128-SHA",
                            "AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256", "eNULL", "aNULL"}) {
    EXPECT_FALSE(
        TlsClient(gateway().port(), {.most_version = TLS1_2_VERSION, .suites = suite}).connected())
        << suite;
  }
  for (const char* suite : {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"}) {
    const TlsClient modern(gateway().port(), {.most_version = TLS1_2_VERSION, .suites = suite});
    EXPECT_TRUE(modern.connected()) << modern.trouble();
    EXPECT_EQ(modern.suite(), suite);
    EXPECT_EQ(modern.version(), "TLSv1.2");
  }
  EXPECT_FALSE(TlsClient(gateway().port(), {.protocol = "h2"}).connected());
}

TEST_F(Tls, ANewCertificateIsShownAndNobodyIsDisconnected) {
  start();
  ScriptedSshServer server;
  const TlsTunnel tunnel(gateway().port());
  auto browser = connect_by(tunnel);
  browser.send(open_frame(server.port(), password("right horse")));
  browser.expect("opened");
  EXPECT_EQ(subject_shown(), "gate.example");

  write_certificate(settings().tls, {.name = "renewed.example"});
  gateway().reload();
  EXPECT_TRUE(eventually([this] { return subject_shown() == "renewed.example"; }));
  browser.type("still here\n");
  browser.expect_output("still here");
}

// Written whole by one rename each, as certbot does, so that nothing half written is seen.
void replace_certificate(const net::TlsFiles& files, const CertificateWish& wish) {
  const net::TlsFiles fresh{files.certificate.string() + ".new", files.key.string() + ".new"};
  write_certificate(fresh, wish);
  std::filesystem::rename(fresh.certificate, files.certificate);
  std::filesystem::rename(fresh.key, files.key);
}

TEST_F(Tls, ABadNewCertificateIsNotTaken) {
  net::ReaderThreads readers(1);
  net::Workers workers(1);  // one, so that what is asked later is done later
  const base::Log log(base::LogFormat::kText, base::LogLevel::kError);
  net::TlsCertificates certificates(settings().tls, workers, log);
  const auto first = certificates.current();
  const auto after = [&] {
    certificates.reload();
    std::promise<void> done;
    workers.start([&done] { done.set_value(); });
    done.get_future().wait();
    return certificates.current();
  };
  write_file(settings().tls.certificate, "no certificate");
  EXPECT_EQ(after(), first);
  replace_certificate(settings().tls, {.name = "expired.example", .ends_in_hours = 0});
  EXPECT_EQ(after(), first);
  EXPECT_THAT(net::load_tls(settings().tls)->not_usable, HasSubstr(" expired on "));
  replace_certificate(settings().tls, {.begins_in_hours = 1});
  EXPECT_THAT(net::load_tls(settings().tls)->not_usable, HasSubstr(" is not valid before "));
  EXPECT_EQ(after(), first);
  replace_certificate(settings().tls, {.name = "mended.example", .rsa = true});
  EXPECT_NE(after(), first);
}

TEST_F(Tls, FilesThatChangeAreReadByThemselves) {
  net::ReaderThreads readers(1);
  net::Workers workers(1);
  const base::Log log(base::LogFormat::kText, base::LogLevel::kError);
  net::TlsCertificates certificates(settings().tls, workers, log);
  const auto first = certificates.current();
  certificates.watch(*readers.all().front(), 5ms);
  readers.start();
  replace_certificate(settings().tls, {.name = "renewed.example"});
  EXPECT_TRUE(eventually([&] { return certificates.current() != first; }));
  readers.stop();
}

TEST_F(Tls, AServerWithoutAGoodPairDoesNotStart) {
  const auto refused = [this]() -> std::string {
    try {
      start();
    } catch (const std::runtime_error& said) {
      return said.what();
    }
    return "started";
  };
  const net::TlsFiles good = settings().tls;
  const net::TlsFiles other = make_certificate_files(files_.path(), "other");
  settings().tls.key = other.key;
  EXPECT_EQ(refused(), "The file " + other.key.string() + " is not the key of the certificate in " +
                           good.certificate.string() + ".");
  settings().tls = {good.certificate, files_.path() / "nowhere"};
  EXPECT_EQ(refused(), "The file " + settings().tls.key.string() +
                           " cannot be read: No such file or directory.");
  settings().tls = {good.key, good.key};
  EXPECT_EQ(refused(), "The file " + good.key.string() + " holds no certificate in PEM.");
}

// Promise 5: before sign-in nobody holds a socket for longer than its deadline.
class Promise05SlowTls : public Tls {};

TEST_F(Promise05SlowTls, AHandshakeThatDoesNotComeEndsAtItsDeadline) {
  settings().tls_handshake_timeout = 200ms;
  start();
  const std::string half_hello("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
  for (const std::string& sent : {std::string(), std::string("\x16"), half_hello}) {
    WebSocketClient slow(socket_options());
    if (!sent.empty()) slow.send_raw(sent);
    EXPECT_TRUE(slow.sees_the_end()) << sent.size() << " bytes";
  }
}

TEST_F(Promise05SlowTls, BytesThatTrickleInDoNotMoveTheDeadline) {
  settings().tls_handshake_timeout = 300ms;
  start();
  const RawClient trickling(gateway().port());
  // A record of 512 bytes, of which one comes every 20 ms: ten seconds, if nobody ended it.
  const std::string record =
      std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + std::string(501, 'x');
  const auto began = std::chrono::steady_clock::now();
  std::size_t sent = 0;
  while (sent < record.size() && trickling.send({&record[sent], 1})) {
    ++sent;
    if (trickling.ends_within(20ms)) break;
  }
  EXPECT_LT(sent, record.size() / 2);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 250ms);
}

}  // namespace
}  // namespace sallyport::support
