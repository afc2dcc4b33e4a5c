// Promise 5: before sign-in nobody makes the gateway hold more than 64 KiB, or a socket for longer
// than its deadline, and a session that works does not notice. bench/soak floods runs it at full
// size.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <iomanip>
#include <iostream>
#include <thread>

#include "support/gateway_fixture.h"
#include "support/server_process.h"
#include "support/size_of_run.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // GCC's names for it
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

constexpr std::size_t kHeldKib = 64;         // of what one connection sends before sign-in
constexpr std::size_t kConnectionKib = 16;   // the connection itself
constexpr std::size_t kSlackKib = 8 * 1024;  // for all of them together: allocators keep some

// A TCP connection of somebody who means no good. It never waits, except for the answer to its
// upgrade.
class Attacker {
 public:
  explicit Attacker(unsigned port) : port_(port), fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("the attacker cannot connect");
    }
  }
  Attacker(Attacker&& other) noexcept : port_(other.port_), fd_(std::exchange(other.fd_, -1)) {}
  Attacker& operator=(Attacker&&) = delete;
  ~Attacker() {
    if (fd_ >= 0) ::close(fd_);
  }
  // As much as the gateway takes.
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void upgrade() {
    const std::string place = "127.0.0.1:" + std::to_string(port_);
    send("GET /ws HTTP/1.1\r\nHost: " + place + "\r\nOrigin: http://" + place +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
         "Sec-WebSocket-Protocol: sallyport.v1\r\n\r\n");
    std::string answer;
    std::array<char, 512> buffer{};
    while (!answer.contains("\r\n\r\n")) {
      const auto got = ::recv(fd_, buffer.data(), buffer.size(), 0);
      if (got <= 0) throw std::runtime_error("no answer to the upgrade: " + answer);
      answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
    if (!answer.starts_with("HTTP/1.1 101")) throw std::runtime_error("refused: " + answer);
  }
  // Whether the gateway has ended it; what it said before is passed over.
  bool over() {
    std::array<char, 4096> buffer{};
    while (true) {
      const auto got = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got > 0) continue;
      return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    }
  }

 private:
  unsigned port_;
  int fd_;
};

struct Flood {
  const char* name;
  void (*begin)(Attacker&);
  void (*drip)(Attacker&);  // again and again until it is ended
};

void nothing(Attacker&) {}
std::string long_frame(unsigned opcode, std::uint64_t claimed) {
  std::string bytes{static_cast<char>(opcode), static_cast<char>(0x80 | 127)};
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(claimed >> shift);
  return bytes + std::string(4, '\0');  // the mask
}

const std::array kFloods{
    Flood{"half-open connections", nothing, nothing},
    Flood{"slow header", [](Attacker& a) { a.send("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "); },
          [](Attacker& a) { a.send("s"); }},
    Flood{"header of almost 16 KiB",
          [](Attacker& a) {
            a.send("GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(15 * 1024, 'l'));
          },
          nothing},
    Flood{"100 000 headers", [](Attacker& a) { a.send("GET / HTTP/1.1\r\nHost: x\r\n"); },
          [](Attacker& a) {
            std::string fields;
            for (int i = 0; i < 1'000; ++i) fields += "X: y\r\n";
            for (int i = 0; i < 100; ++i) a.send(fields);
          }},
    Flood{"slow upgrade",
          [](Attacker& a) {
            a.send("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgr");
          },
          nothing},
    Flood{"no first frame", [](Attacker& a) { a.upgrade(); }, nothing},
    Flood{"slow first frame",
          [](Attacker& a) {
            a.upgrade();
            a.send(long_frame(0x81, 128 * 1024) + std::string(60 * 1024, ' '));
          },
          [](Attacker& a) { a.send(" "); }},
    Flood{"endless fragments",
          [](Attacker& a) {
            a.upgrade();
            a.send(std::string{'\x01', '\x81', 0, 0, 0, 0, ' '});
          },
          [](Attacker& a) {
            std::string fragments;
            for (int i = 0; i < 500; ++i) fragments += std::string{'\0', '\x81', 0, 0, 0, 0, ' '};
            a.send(fragments);
          }},
    Flood{"claimed 64-bit lengths",
          [](Attacker& a) {
            a.upgrade();
            a.send(long_frame(0x81, std::uint64_t{1} << 62));
          },
          [](Attacker& a) { a.send(std::string(16 * 1024, ' ')); }},
};

class Promise05NobodyHoldsMuchBeforeSignIn : public GatewayTest {
 protected:
  Promise05NobodyHoldsMuchBeforeSignIn() {
    settings().header_timeout = deadline_;
    settings().first_frame_timeout = deadline_;
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  // Of every stage before the login.
  const std::chrono::seconds deadline_{size_of_run("DEADLINE", 1)};
};

// A session's keys, one after the other, on a thread of their own until it is told to stop.
class Typist {
 public:
  explicit Typist(WebSocketClient& browser) : thread_([this, &browser] { type(browser); }) {}
  // Milliseconds: p50, p99.
  std::pair<double, double> stop() {
    done_ = true;
    thread_.join();
    if (!trouble_.empty()) throw std::runtime_error(trouble_);
    std::ranges::sort(times_);
    return {times_[times_.size() / 2], times_[times_.size() * 99 / 100]};
  }

 private:
  void type(WebSocketClient& browser) {
    try {
      do {
        const auto began = Clock::now();
        browser.type("k");
        browser.expect_output("k");
        times_.push_back(std::chrono::duration<double, std::milli>(Clock::now() - began).count());
      } while (!done_);
    } catch (const std::exception& failed) {
      trouble_ = failed.what();
    }
  }
  std::atomic<bool> done_ = false;
  std::vector<double> times_;
  std::string trouble_;
  std::thread thread_;
};

TEST_F(Promise05NobodyHoldsMuchBeforeSignIn, AndAWorkingSessionDoesNotNotice) {
  const auto connections = size_of_run("FLOOD", 100);
  settings().max_connections = static_cast<unsigned>(connections) + 16;
  start();
  // A program of its own, so that what it holds is not counted.
  ServerProcess host({"/bin/sh", "-c", "exec \"$0\" >&2", SALLYPORT_SCRIPTED_HOST}, "ssh-ed25519");
  auto browser =
      open(open_frame(static_cast<unsigned>(std::stoul(host.said())), password("right horse")));
  for (const Flood& flood : kFloods) {
    SCOPED_TRACE(flood.name);
    const auto before = Holdings::now();
    Typist typist(browser);
    std::vector<Attacker> attackers;
    for (std::uint64_t i = 0; i < connections; ++i) {
      attackers.emplace_back(gateway().port());
      flood.begin(attackers.back());
    }
    const auto limit = Clock::now() + deadline_ + kPatience;
    std::size_t held = 0;
    std::size_t most = 0;
    std::size_t grown = 0;
    const auto began = Clock::now();
    do {
      for (auto& attacker : attackers) flood.drip(attacker);
      held = static_cast<std::size_t>(
          std::ranges::count_if(attackers, [](Attacker& attacker) { return !attacker.over(); }));
      most = std::max(most, held);
      const auto now = Holdings::now().resident_kib;
      grown = std::max(grown, now > before.resident_kib ? now - before.resident_kib : 0);
      std::this_thread::sleep_for(10ms);  // between two drips
    } while (held > 0 && Clock::now() < limit);
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    const auto [p50, p99] = typist.stop();
    std::cout << std::fixed << std::setprecision(2) << flood.name << ": " << most << " of "
              << connections << " connections held, the last for " << seconds << " s; " << grown
              << " KiB grown, " << static_cast<double>(grown) / static_cast<double>(connections)
              << " KiB each; echo beside it p50 " << p50 << " ms, p99 " << p99 << " ms\n";
    EXPECT_EQ(held, 0U) << "the gateway still has them";
    if (!kSanitized) {
      EXPECT_LE(grown, (kHeldKib + kConnectionKib) * connections + kSlackKib);
    }
    EXPECT_LE(p99, 1'000.0) << "a session that works waits";
  }
  browser.hang_up();
}

}  // namespace
}  // namespace sallyport::support
