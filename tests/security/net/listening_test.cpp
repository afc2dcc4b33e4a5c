// Where the gateway listens: on a Unix socket, below a path, behind whatever its health check must
// get through.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/health_probe.h"
#include "raw_client.h"
#include "support/gateway_fixture.h"
#include "support/throwaway_certificate.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Listening : public GatewayTest {
 protected:
  std::string socket_file() const { return (folder_.path() / "web.sock").string(); }
  void listen_on_unix() {
    settings().listen_address = "unix:" + socket_file();
    settings().listen_port = 0;
  }
  std::string refused() {
    try {
      start();
    } catch (const std::runtime_error& said) {
      return said.what();
    }
    return "started";
  }
  std::string health(const app::HealthTarget& target) {
    const auto well = app::probe_health(target, kPatience);
    return well ? "ok" : well.error();
  }

  TemporaryFolder folder_;
};

// A socket's file that nobody listens on, as a program leaves it that was killed.
void leave_behind(const std::string& path, bool listening = false, int* kept = nullptr) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  path.copy(at.sun_path, sizeof at.sun_path - 1);
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
  if (listening) ASSERT_EQ(::listen(fd, 1), 0);
  kept ? void(*kept = fd) : void(::close(fd));
}

TEST_F(Listening, AUnixSocketIsServedWithItsModeAndGoesWithTheGateway) {
  listen_on_unix();
  settings().listen_mode = 0620;
  start();
  struct stat facts{};
  ASSERT_EQ(::stat(socket_file().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0620U);
  EXPECT_EQ(status_of(RawClient(socket_file())
                          .ask(upgrade_request(
                              "/ws", "10.0.0.1", "https://10.0.0.1",
                              "X-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.7\r\n"))),
            "101")
      << "who may open it is taken for a listed proxy";
  EXPECT_EQ(health({.address = settings().listen_address}), "ok");
  stop();
  EXPECT_NE(::stat(socket_file().c_str(), &facts), 0);
}

TEST_F(Listening, AUnixSocketThatWasLeftBehindIsReplaced) {
  listen_on_unix();
  leave_behind(socket_file());
  start();
  EXPECT_EQ(status_of(RawClient(socket_file()).ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n")), "200");
}

TEST_F(Listening, AUnixSocketOrFileOfSomebodyElseIsNot) {
  listen_on_unix();
  int kept = -1;
  leave_behind(socket_file(), true, &kept);
  EXPECT_EQ(refused(), socket_file() +
                           " is in use by another program. Stop that one, or listen on another "
                           "file.");
  ::close(kept);
  std::filesystem::remove(socket_file());
  write_file(socket_file(), "precious");
  EXPECT_EQ(refused(), socket_file() + " is there already and is no socket: name another file.");
  EXPECT_EQ(read_file(socket_file()), "precious");
}

TEST_F(Listening, APathStandsBeforeEveryAddress) {
  settings().base_path = "/ssh/";
  start();
  const auto get = [this](const std::string& path) {
    return RawClient(gateway().port()).ask("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
  };
  EXPECT_EQ(status_of(get("/ssh/")), "200");
  EXPECT_EQ(status_of(get("/ssh/healthz")), "200");
  EXPECT_THAT(get("/ssh"), HasSubstr("\r\nLocation: /ssh/\r\n"));
  EXPECT_EQ(status_of(get("/ssh")), "308");
  for (const char* path : {"/", "/healthz", "/ws", "/sshx", "/ssh/ssh/", "//ssh/"}) {
    EXPECT_EQ(status_of(get(path)), "404") << path;
  }
  const std::string own = "127.0.0.1:" + std::to_string(gateway().port());
  EXPECT_EQ(
      status_of(RawClient(gateway().port()).ask(upgrade_request("/ssh/ws", own, "http://" + own))),
      "101");
  EXPECT_EQ(health({.address = "127.0.0.1", .port = gateway().port(), .path = "/ssh/healthz"}),
            "ok");
}

TEST_F(Listening, TheHealthCheckGetsThroughTlsAndTheProxyProtocol) {
  settings().tls = make_certificate_files(folder_.path(), "gate");
  settings().trusted_proxies = {"127.0.0.1"};
  settings().proxy_protocol = true;
  start();
  app::HealthTarget target{
      .address = "127.0.0.1", .port = gateway().port(), .tls = true, .proxy_protocol = true};
  EXPECT_EQ(health(target), "ok");
  target.tls = false;
  EXPECT_EQ(health(target), "127.0.0.1:" + std::to_string(gateway().port()) +
                                " answered, but not that it is well.");
}

// What is behind a request that two readers may understand differently must never be a request.
class TwoReaders : public GatewayTest {};

TEST_F(TwoReaders, ARequestWhoseEndIsSaidTwiceIsRefusedAndNothingAfterItIsRead) {
  start();
  const std::string behind = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::vector<std::string> ends{
      "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
      "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
      "Content-Length: 0\r\nContent-Length: 36\r\n\r\n",
      "Content-Length: 0, 0\r\n\r\n",
      "Content-Length: +0\r\n\r\n",
      "Content-Length: 0x10\r\n\r\n",
      "Content-Length : 0\r\n\r\n",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
      "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
      "Transfer-Encoding: identity\r\n\r\n",
      "Transfer-Encoding: \x0b"
      "chunked\r\n\r\n0\r\n\r\n",
      "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
      "X: y\r\n Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\nContent-Length: "
      "5\r\n\r\n0\r\n\r\n",
  };
  for (const std::string& end : ends) {
    const RawClient client(gateway().port());
    client.send("GET / HTTP/1.1\r\nHost: x\r\n" + end + behind);
    const std::string answer = client.read_to_end();
    EXPECT_EQ(status_of(answer), "400") << end;
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n")) << end;
    EXPECT_EQ(answer.find("HTTP/1.1 ", 1), std::string::npos) << end << "was answered twice";
  }
}

}  // namespace
}  // namespace sallyport::support
