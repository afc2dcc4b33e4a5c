#include "net/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <future>
#include <thread>

#include "http_fixture.h"

namespace sallyport::web {
namespace {

class ListenerTest : public HttpTest {
 protected:
  std::string refused(const std::string& address, unsigned at) {
    try {
      const net::Listener taken(*readers.all().front(), readers, lines.log(),
                                net::ListenAt{address, at}, nullptr);
      return "was taken";
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  }
};

TEST_F(ListenerTest, APortInUseIsSaid) {
  start();
  EXPECT_EQ(refused("127.0.0.1", port()),
            "127.0.0.1:" + std::to_string(port()) +
                " is in use by another program. Stop that one, or listen on another port.");
}

TEST_F(ListenerTest, AnAddressOfAnotherMachineIsSaid) {
  EXPECT_EQ(refused("192.0.2.1", 0),
            "192.0.2.1 is not an address of this machine. See `ip address` for those it has.");
}

TEST_F(ListenerTest, WhatIsNoAddressIsSaid) {
  EXPECT_EQ(refused("localhost", 8022),
            "localhost is no address to listen on. Write one like 127.0.0.1 or [::1].");
  EXPECT_EQ(refused("127.0.0.1", 65536), "65536 is no port: the highest is 65535.");
}

// This thread alone without root's capabilities: setresuid(2) as the kernel has it, not glibc's of
// the whole process.
class AsNobody {
 public:
  AsNobody() : was_root_(geteuid() == 0) {
    if (was_root_) syscall(SYS_setresuid, -1, 65534, -1);
  }
  ~AsNobody() {
    if (was_root_) syscall(SYS_setresuid, -1, 0, -1);
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  bool was_root_;
};

TEST_F(ListenerTest, APrivilegedPortIsSaid) {
  int first_free_for_all = 1024;  // some containers say 0: there every port is free
  std::ifstream("/proc/sys/net/ipv4/ip_unprivileged_port_start") >> first_free_for_all;
  const AsNobody nobody;
  EXPECT_EQ(refused("127.0.0.1", 1),
            first_free_for_all <= 1
                ? "was taken"
                : "This account may not listen on 127.0.0.1:1. Ports below 1024 need the "
                  "capability CAP_NET_BIND_SERVICE; take a higher one.");
}

TEST_F(ListenerTest, AnIpv6LiteralMayHaveItsBrackets) {
  for (const auto* address : {"[::1]", "::1"}) {
    std::promise<std::string> peer;
    net::Listener six(*readers.all().front(), readers, lines.log(), net::ListenAt{address},
                      [&](net::Stream stream, net::ReaderThread&) {
                        peer.set_value(stream.peer().address.to_string());
                      });
    six.start();
    readers.start();
    const int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(six.local_endpoint().port());
    to.sin6_addr = in6addr_loopback;
    ASSERT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    EXPECT_EQ(peer.get_future().get(), "::1");
    close(fd);
  }
}

TEST_F(ListenerTest, ASocketComesOnItsOwnThreadCountedAndWithoutNagle) {
  std::promise<std::tuple<bool, int, int>> seen;
  net::Listener one(*readers.all().front(), readers, lines.log(), net::ListenAt{"127.0.0.1"},
                    [&](net::Stream stream, net::ReaderThread& reader) {
                      int no_delay = 0;
                      socklen_t size = sizeof no_delay;
                      getsockopt(stream.socket().native_handle(), IPPROTO_TCP, TCP_NODELAY,
                                 &no_delay, &size);
                      const bool own = reader.executor().running_in_this_thread();
                      seen.set_value({own, no_delay, reader.load()});
                    });
  one.start();
  readers.start();
  const Client client(one.local_endpoint().port());
  EXPECT_EQ(seen.get_future().get(), std::make_tuple(true, 1, 1));
}

TEST_F(ListenerTest, AConnectionThatNoThreadTookYetGoesWithItsThreadsLoop) {
  net::ReaderThreads two(2);
  two.all()[0]->add_load(1);  // so that the other one, which does not run, is given the connection
  net::Listener one(*two.all()[0], two, lines.log(), net::ListenAt{"127.0.0.1"},
                    [](net::Stream, net::ReaderThread&) { ADD_FAILURE() << "nobody runs it"; });
  one.start();
  two.all()[0]->start();
  const Client client(one.local_endpoint().port());
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (two.all()[1]->load() == 0 && std::chrono::steady_clock::now() < limit) {
    std::this_thread::yield();
  }
  EXPECT_EQ(two.all()[1]->load(), 1);
  one.close();
  two.stop();
}

TEST_F(ListenerTest, AClosedOneRefusesConnections) {
  start();
  const unsigned was = port();
  EXPECT_EQ(Client(was).ask(get("/healthz")).status, 200U);
  std::promise<void> closed;
  boost::asio::post(readers.all().front()->executor(), [&] {
    listener->close();
    closed.set_value();
  });
  closed.get_future().wait();
  EXPECT_THROW(Client{was}, std::runtime_error);
}

TEST_F(ListenerTest, WithoutDescriptorsItWaitsAndSaysSoOnce) {
  start();
  Client before(port());
  EXPECT_EQ(before.ask(get("/healthz")).status, 200U);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit low{.rlim_cur = 256, .rlim_max = limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  std::vector<int> taken;
  for (int copy = dup(0); copy >= 0; copy = dup(0)) taken.push_back(copy);

  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port()));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  EXPECT_NE(lines.wait_for({"warning", "net.accept_paused", "Too many open files"}), "");
  EXPECT_EQ(before.ask(get("/healthz")).status, 200U) << "connections that are open go on";

  for (const int copy : taken) close(copy);
  setrlimit(RLIMIT_NOFILE, &limit);
  const auto request = get("/healthz");
  ASSERT_EQ(send(fd, request.data(), request.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(request.size()));
  char first = 0;
  EXPECT_EQ(recv(fd, &first, 1, 0), 1) << "the connection that waited is served";
  close(fd);
  const auto all = lines.all();
  EXPECT_EQ(all.find("net.accept_paused"), all.rfind("net.accept_paused")) << all;
}

}  // namespace
}  // namespace sallyport::web
