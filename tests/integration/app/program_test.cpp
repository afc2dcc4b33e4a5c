#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "process.h"

namespace sallyport::app {
namespace {

using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class Program : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "sallyport-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // A fresh machine: no configuration but this, and a home of its own.
  std::vector<std::string> environment() const {
    return {"HOME=" + folder_.string(), "SALLYPORT_CONFIG=" + write("empty.toml", "")};
  }
  std::string write(const std::string& name, const std::string& text) const {
    const auto file = folder_ / name;
    std::ofstream(file) << text;
    return file.string();
  }

  std::filesystem::path folder_;
};

const std::string kProgram = SALLYPORT_PROGRAM;

unsigned port_of(const std::string& output) {
  const std::string before = "Sallyport is ready: http://127.0.0.1:";
  EXPECT_THAT(output, StartsWith(before));
  return static_cast<unsigned>(std::stoul(output.substr(before.size())));
}

// A connection to loopback, blocking, with a limit on each read.
class Connection {
 public:
  explicit Connection(unsigned port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{Process::kLimit.count(), 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~Connection() { ::close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(const std::string& text) const {
    EXPECT_EQ(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  std::string read_until(std::string_view end) const {
    std::string text;
    std::array<char, 1024> buffer{};
    while (!text.contains(end)) {
      const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), 0);
      if (got <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  int fd_;
};

TEST_F(Program, ServesSaysWhereAndStopsWhenTold) {
  for (const int number : {SIGTERM, SIGINT}) {
    Process sallyport(kProgram, {"serve", "--listen", "127.0.0.1:0"}, environment());
    const unsigned port = port_of(sallyport.wait_for_output("/\n"));
    ASSERT_GT(port, 0U);
    {
      const Connection browser(port);
      browser.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
      const std::string answer = browser.read_until("\"ok\"");
      EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
      EXPECT_THAT(answer, HasSubstr("\"ok\""));
    }
    sallyport.signal(number);
    EXPECT_EQ(sallyport.wait(), 0) << sallyport.error();
    EXPECT_THAT(sallyport.output(), EndsWith("/\n")) << "only the one line is on stdout";
    EXPECT_THAT(sallyport.error(), HasSubstr("gateway.stopping"));
  }
}

TEST_F(Program, ASecondSignalDoesNotWait) {
  Process sallyport(kProgram, {"serve", "--listen=127.0.0.1:0", "--timeouts-stop-grace=10m"},
                    environment());
  const unsigned port = port_of(sallyport.wait_for_output("/\n"));
  // A browser that is told to go and does not answer: the stop waits for it, ten minutes.
  const Connection browser(port);
  const std::string host = "127.0.0.1:" + std::to_string(port);
  browser.send("GET /ws HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host +
               "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
               "Sec-WebSocket-Protocol: sallyport.v1\r\n\r\n");
  ASSERT_THAT(browser.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 101"));
  sallyport.signal(SIGTERM);
  sallyport.wait_for_error("gateway.stopping");
  sallyport.signal(SIGTERM);
  EXPECT_EQ(sallyport.wait(), 128 + SIGTERM);
}

TEST_F(Program, RefusesAWrongConfigurationByLine) {
  const std::string file =
      write("bad.toml", "threads = 1\nlistn = \"127.0.0.1:0\"\n[targets]\nalow = []\n");
  const std::string problems = file + ":2: listn is not a setting. Did you mean listen?\n" + file +
                               ":4: targets.alow is not a setting. Did you mean targets.allow?\n";
  Process serve(kProgram, {"serve", "--config", file}, environment());
  EXPECT_EQ(serve.wait(), 1);
  EXPECT_EQ(serve.error(), problems);
  EXPECT_THAT(serve.output(), IsEmpty());

  Process check(kProgram, {"check", "--config", file}, environment());
  EXPECT_EQ(check.wait(), 1);
  EXPECT_EQ(check.output(), problems);
}

TEST_F(Program, ChecksAGoodConfiguration) {
  const std::string file =
      write("good.toml",
            "listen = \"0.0.0.0:8022\"\nthreads = 2\ntargets.allow = [\"10.0.0.0/8\"]\n"
            "proxies.trusted = [\"10.0.0.2\"]\n[[hosts]]\nname = \"db\"\naddress = "
            "\"db-3\"\nuser = \"ana\"\n");
  Process check(kProgram, {"check", "--config", file}, environment());
  EXPECT_EQ(check.wait(), 0) << check.error();
  EXPECT_THAT(check.output(), StartsWith(file + ":1: warning: 0.0.0.0:8022 is for a reverse"));
  EXPECT_THAT(check.output(), EndsWith("\n" + file + " is fine: 4 settings, 1 host\n"));
}

TEST_F(Program, RefusesAnIdentityForEverybody) {
  const std::string key = write("key", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
  std::filesystem::permissions(key, std::filesystem::perms::owner_read);
  const std::string file =
      write("open.toml",
            "[[hosts]]\nname = \"db\"\naddress = \"db-3\"\nuser = \"ana\"\nidentity_file = "
            "\"key\"\n");
  Process serve(kProgram, {"serve", "--config", file, "--listen", "0.0.0.0:0"}, environment());
  EXPECT_EQ(serve.wait(), 1);
  EXPECT_THAT(serve.error(), HasSubstr(file + ":5: host \"db\" has an identity_file"));
  EXPECT_THAT(serve.error(), HasSubstr("write listen = \"127.0.0.1:8022\""));
}

// Promise 12 of SECURITY.md: `check` and `serve` say the same, and nothing listens.
TEST_F(Program, DoesNotStartForOtherMachinesWithoutTlsAndATargetRule) {
  for (const auto* listen : {"0.0.0.0:0", "[::]:0"}) {
    const std::string file = write("open.toml", "listen = \"" + std::string(listen) + "\"\n");
    Process serve(kProgram, {"serve", "--config", file}, environment());
    EXPECT_EQ(serve.wait(), 1);
    EXPECT_THAT(serve.output(), IsEmpty());
    EXPECT_THAT(serve.error(), HasSubstr("and there is no TLS, so what users type could be read"));
    EXPECT_THAT(serve.error(), HasSubstr("and targets.allow is empty, so whoever opens the page"));
    Process check(kProgram, {"check", "--config", file}, environment());
    EXPECT_EQ(check.wait(), 1);
    EXPECT_EQ(check.output(), serve.error());
  }
  Process named(kProgram,
                {"serve", "--listen", "0.0.0.0:0", "--targets-allow", "10.0.0.0/8",
                 "--proxies-trusted", "10.0.0.2"},
                environment());
  EXPECT_THAT(named.wait_for_output("/\n"), StartsWith("Sallyport is ready: http://"));
  named.signal(SIGTERM);
  EXPECT_EQ(named.wait(), 0);
}

TEST_F(Program, SaysWhenThePortIsTaken) {
  Process first(kProgram, {"serve", "--listen", "127.0.0.1:0"}, environment());
  const unsigned port = port_of(first.wait_for_output("/\n"));
  Process second(kProgram, {"serve", "--listen", "127.0.0.1:" + std::to_string(port)},
                 environment());
  EXPECT_EQ(second.wait(), 2);
  EXPECT_THAT(second.output(), IsEmpty());
  EXPECT_THAT(second.error(), HasSubstr("127.0.0.1:" + std::to_string(port)));
}

TEST_F(Program, PrintsItsReference) {
  Process reference(kProgram, {"reference"}, environment());
  EXPECT_EQ(reference.wait(), 0);
  std::ifstream page(std::filesystem::path(SALLYPORT_DOCS) / "configuration.md", std::ios::binary);
  EXPECT_EQ(reference.output(), std::string(std::istreambuf_iterator<char>(page), {}));
}

TEST_F(Program, TellsUsageByItsExitStatus) {
  Process version(kProgram, {"version"}, environment());
  EXPECT_EQ(version.wait(), 0);
  EXPECT_THAT(version.output(), ContainsRegex("^sallyport [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  Process help(kProgram, {"serve", "--help"}, environment());
  EXPECT_EQ(help.wait(), 0);
  EXPECT_THAT(help.output(), HasSubstr("--targets-allow"));
  Process wrong(kProgram, {"sevre"}, environment());
  EXPECT_EQ(wrong.wait(), 1);
  EXPECT_EQ(wrong.error(), "sevre: is not a command. Did you mean serve?\n");
}

}  // namespace
}  // namespace sallyport::app
