// The proxies that docs/deploy.md describes, with the configuration files of deploy/, between a
// browser and the gateway.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/gateway_fixture.h"
#include "support/openssh_server.h"
#include "support/server_process.h"
#include "support/throwaway_certificate.h"
#include "support/tls_client.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// One of this machine's own, and not the one the proxies connect from.
constexpr const char* kBrowser = "127.0.0.77";
// What the shipped files wait for an idle connection, and what they wait in this test.
constexpr const char* kShippedPatience = "75s";
constexpr const char* kPatienceHere = "1s";

class RealProxies : public GatewayTest {
 protected:
  // `from` must stand in the file: a shipped file that changed changes its test.
  static void replace(std::string& text, const std::string& from, const std::string& to) {
    ASSERT_NE(text.find(from), std::string::npos) << from;
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  }
  static std::string shipped(const std::string& name) {
    return read_file(std::filesystem::path(SALLYPORT_DEPLOY) / name);
  }
  std::string folder() const { return folder_.path().string(); }

  void start_gateway(const std::string& origin) {
    settings().log_level = base::LogLevel::kInfo;
    settings().origins = {origin};
    settings().trusted_proxies = {"127.0.0.1"};
    settings().ping_interval = 300ms;
    testing::internal::CaptureStderr();
    start();
  }
  // What a shipped file of nginx's becomes here: its ports, its certificate, its patience.
  void start_nginx(const std::string& file, const std::string& name) {
    port_ = free_port();
    const auto pair = make_certificate_files(folder_.path(), "proxy");
    std::string site = shipped(file);
    replace(site, "listen 443 ssl;", "listen 127.0.0.1:" + std::to_string(port_) + " ssl;");
    replace(site, "    listen [::]:443 ssl;\n", "");
    if (site.contains("listen 80;")) {
      replace(site, "listen 80;", "listen 127.0.0.1:" + std::to_string(free_port()) + ";");
      replace(site, "    listen [::]:80;\n", "");
    }
    replace(site, "/etc/ssl/certs/" + name + ".pem", pair.certificate.string());
    replace(site, "/etc/ssl/private/" + name + ".key", pair.key.string());
    replace(site, "127.0.0.1:8022", "127.0.0.1:" + std::to_string(gateway().port()));
    replace(site, kShippedPatience, kPatienceHere);
    std::string whole = "daemon off;\npid " + folder() + "/pid;\nerror_log stderr notice;\n";
    if (::geteuid() == 0) whole += "user " + current_user() + ";\n";
    whole += "events {}\nhttp {\naccess_log off;\n";
    for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
      whole += std::string(kind) + "_temp_path " + folder() + "/" + kind + ";\n";
    write_file(folder_.path() / "nginx.conf", whole + site + "}\n");
    proxy_ = std::make_unique<ServerProcess>(
        std::vector<std::string>{system_program("nginx"), "-e", "stderr", "-p", folder(), "-c",
                                 folder() + "/nginx.conf"},
        "start worker process");
  }
  void start_haproxy(const std::string& file) {
    port_ = free_port();
    std::string config = shipped(file);
    if (config.contains(" ssl crt ")) {
      const auto pair = make_certificate_files(folder_.path(), "proxy");
      write_file(folder_.path() / "both.pem", read_file(pair.certificate) + read_file(pair.key));
      replace(config, "/etc/haproxy/ssh.example.org.pem", folder() + "/both.pem");
    }
    replace(config, "bind :443", "bind 127.0.0.1:" + std::to_string(port_));
    replace(config, "127.0.0.1:8022", "127.0.0.1:" + std::to_string(gateway().port()));
    replace(config, kShippedPatience, kPatienceHere);
    write_file(folder_.path() / "haproxy.cfg", config);
    proxy_ = std::make_unique<ServerProcess>(
        std::vector<std::string>{system_program("haproxy"), "-W", "-db", "-f",
                                 folder() + "/haproxy.cfg"},
        "Loading success");
  }

  // A terminal through the proxy, from its first key to its end; what the gateway logged.
  std::string use(const std::string& host, const std::string& target) {
    const TlsTunnel tunnel(port_, {.from = kBrowser});
    OpenSshServer server;
    WebSocketOptions options;
    options.port = tunnel.port();
    options.target = target;
    options.host = host;
    options.origin = "https://" + host;
    WebSocketClient browser(options);
    EXPECT_EQ(browser.upgrade(), 101U) << browser.refusal() << proxy_->said();
    browser.send(open_frame(server.port(), key(server.key()), {{"username", server.user()}}));
    browser.expect("opened");
    browser.type("stty -echo; seq 1 20000; echo the-\"end\"\n");
    std::string lines;
    for (int line = 1; line <= 20000; ++line) lines += std::to_string(line) + "\r\n";
    EXPECT_THAT(browser.expect_output("the-end"), HasSubstr(lines));
    // Longer than the proxy's patience: the gateway's pings keep the connection.
    EXPECT_TRUE(browser.read_for(2500ms)) << "an idle terminal was cut: " << proxy_->said();
    browser.type("exit 7\n");
    EXPECT_EQ(browser.expect("exited").at("status"), 7);
    EXPECT_EQ(browser.close_code(), 1000U);
    expect_all_gone();
    stop();
    return testing::internal::GetCapturedStderr();
  }
  // A page as whoever does not know better asks for it.
  std::string page(const std::string& host, const std::string& path) const {
    TlsClient client(port_, {.protocol = "http/1.1"});
    EXPECT_TRUE(client.connected()) << client.trouble();
    client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    return client.read_to_end();
  }

  TemporaryFolder folder_;
  unsigned port_ = 0;
  std::unique_ptr<ServerProcess> proxy_;
};

const std::string kLogged = "peer=" + std::string(kBrowser);

TEST_F(RealProxies, Nginx) {
  start_gateway("https://ssh.example.org");
  start_nginx("nginx.conf", "ssh.example.org");
  EXPECT_THAT(page("ssh.example.org", "/"), HasSubstr("Strict-Transport-Security: "));
  EXPECT_THAT(use("ssh.example.org", "/ws"), HasSubstr(kLogged));
}

TEST_F(RealProxies, NginxOnASubPath) {
  start_gateway("https://www.example.org");
  start_nginx("nginx-subpath.conf", "www.example.org");
  EXPECT_THAT(page("www.example.org", "/ssh"), HasSubstr("308 Permanent Redirect"));
  EXPECT_THAT(page("www.example.org", "/ssh/"), HasSubstr("HTTP/1.1 200 OK"));
  EXPECT_THAT(use("www.example.org", "/ssh/ws"), HasSubstr(kLogged));
}

TEST_F(RealProxies, HaproxyWithTheCertificate) {
  start_gateway("https://ssh.example.org");
  start_haproxy("haproxy.cfg");
  EXPECT_THAT(page("ssh.example.org", "/"), HasSubstr("strict-transport-security: "));
  EXPECT_THAT(use("ssh.example.org", "/ws"), HasSubstr(kLogged));
}

TEST_F(RealProxies, HaproxyThatPassesTlsOn) {
  settings().tls = make_certificate_files(folder_.path(), "gate");
  settings().proxy_protocol = true;
  start_gateway("https://ssh.example.org");
  start_haproxy("haproxy-passthrough.cfg");
  EXPECT_THAT(page("ssh.example.org", "/"), HasSubstr("Strict-Transport-Security: "));
  EXPECT_THAT(use("ssh.example.org", "/ws"), HasSubstr(kLogged + ":"));
}

}  // namespace
}  // namespace sallyport::support
