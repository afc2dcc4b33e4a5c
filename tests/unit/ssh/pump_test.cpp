// The pump against a real SSH server over a socket that fails at every step in turn: whichever send
// or receive says "not now", or takes and gives however little, the same bytes come out and the
// same results.
#include "ssh/pump.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <string>

#include "faulty_stream.h"
#include "ssh/algorithms.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::ssh {
namespace {

using support::flood_bytes;
using support::Script;
using support::ScriptedSshServer;
using Outcome = Pump::Outcome;

// What a session needs of its link, without Asio: wait with poll(2), call again.
class Driver {
 public:
  Driver(ScriptedSshServer& server, Faults faults)
      : stream_(connect(server), faults), pump_(stream_) {}

  Pump& pump() { return pump_; }
  FaultyStream& stream() { return stream_; }
  const std::string& output() const { return output_; }

  void wait(Pump::Wants wants) {
    if (wants.again) return;
    pollfd descriptor{stream_.descriptor(), 0, 0};
    if (wants.read) descriptor.events |= POLLIN;
    if (wants.write) descriptor.events |= POLLOUT;
    ASSERT_NE(descriptor.events, 0) << "nothing to wait for: it would hang";
    ASSERT_GT(::poll(&descriptor, 1, 20'000), 0) << "the host did not go on";
    pump_.woke();
  }
  template <class Step>
  Outcome finish(Step step) {
    for (;;) {
      const Outcome outcome = step();
      if (outcome != Outcome::kWait) return outcome;
      wait(pump_.wants());
      if (testing::Test::HasFatalFailure()) return Outcome::kFailed;
    }
  }
  // Runs until the shell has printed so much, or is over.
  void read_until(std::size_t size) {
    for (;;) {
      const Pump::Wants wants = pump_.turn([this](std::string_view bytes) { output_ += bytes; });
      if (output_.size() >= size || pump_.end() != Pump::End::kRunning) return;
      wait(wants);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
  void run_to_the_end() { read_until(kNever); }

  Outcome log_in() {
    const auto offer = algorithms::offer(algorithms::Posture::kModern, {});
    Outcome outcome = finish([&] { return pump_.handshake(offer); });
    if (outcome != Outcome::kDone) return outcome;
    std::string methods;
    outcome = finish([&] { return pump_.list_methods("ana", methods); });
    if (outcome != Outcome::kDone) return outcome;
    const base::Secret password(std::string("right horse"));
    Answerer nobody = [](const Challenge&) { return Answers(); };
    outcome = finish([&] { return pump_.password("ana", password, nobody); });
    if (outcome != Outcome::kDone) return outcome;
    outcome = finish([&] { return pump_.open_channel(256 * 1024); });
    if (outcome != Outcome::kDone) return outcome;
    outcome = finish([&] { return pump_.request_pty("xterm", 80, 24); });
    if (outcome != Outcome::kDone) return outcome;
    outcome = finish([&] { return pump_.set_env("SALLYPORT_TEST", "1"); });
    if (outcome == Outcome::kFailed) return outcome;
    return finish([&] { return pump_.start_shell(); });
  }

 private:
  static int connect(ScriptedSshServer& server) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      throw std::runtime_error("socketpair");
    server.serve(ends[1]);
    return ends[0];
  }

  FaultyStream stream_;
  Pump pump_;
  std::string output_;
};

constexpr std::size_t kFlood = 150'000;

std::string bulk_input() {
  std::string bytes;
  for (int i = 0; bytes.size() < 90'000; ++i)
    bytes += "a line for the host " + std::to_string(i) + "\n";
  return bytes;
}

// A whole life of a session; every byte of it is checked.
void live(ScriptedSshServer& server, Faults faults, std::size_t* sends = nullptr,
          std::size_t* recvs = nullptr) {
  Driver driver(server, faults);
  ASSERT_EQ(driver.log_in(), Outcome::kDone) << driver.pump().error().text;
  std::string expected;
  const auto type = [&](const std::string& keys, const std::string& answer) {
    driver.pump().write(keys);
    expected += keys + answer;
    driver.read_until(expected.size());
  };
  type("hello\n", "");
  type("!flood " + std::to_string(kFlood) + "\n", flood_bytes(kFlood));
  driver.pump().resize(100, 30);
  driver.pump().resize(132, 43);
  type("!size\n", "132x43\r\n");
  type(bulk_input(), "");
  driver.pump().write("!exit 7\n");
  expected += "!exit 7\n";
  driver.run_to_the_end();
  ASSERT_EQ(driver.output(), expected);
  ASSERT_EQ(driver.pump().end(), Pump::End::kExited);
  EXPECT_EQ(driver.pump().exit().status, 7);
  EXPECT_EQ(driver.pump().exit().signal, "");
  if (sends) *sends = driver.stream().sends;
  if (recvs) *recvs = driver.stream().recvs;
}

class PumpTest : public testing::Test {
 protected:
  ScriptedSshServer server_;
};

TEST_F(PumpTest, LivesAWholeSession) { live(server_, {}); }

TEST_F(PumpTest, TheSameBytesWhicheverSendIsNotNow) {
  std::size_t sends = 0;
  live(server_, {}, &sends, nullptr);
  ASSERT_GT(sends, 20U);
  for (std::size_t n = 0; n < sends + 3; ++n) {
    SCOPED_TRACE("send " + std::to_string(n));
    live(server_, {.send_not_now = n});
    if (HasFatalFailure()) return;
  }
}

TEST_F(PumpTest, TheSameBytesWhicheverReceiveIsNotNow) {
  std::size_t recvs = 0;
  live(server_, {}, nullptr, &recvs);
  ASSERT_GT(recvs, 20U);
  for (std::size_t n = 0; n < recvs + 3; ++n) {
    SCOPED_TRACE("receive " + std::to_string(n));
    live(server_, {.recv_not_now = n});
    if (HasFatalFailure()) return;
  }
}

TEST_F(PumpTest, TheSameBytesHoweverLittleIsTakenAndGiven) {
  for (const std::size_t most : {3U, 7U, 17U, 61U, 255U, 1024U, 4099U, 16'384U, 33'000U}) {
    SCOPED_TRACE("at most " + std::to_string(most));
    live(server_, {.send_at_most = most});
    live(server_, {.recv_at_most = most});
    live(server_, {.every = 3, .send_at_most = most, .recv_at_most = most});
    if (HasFatalFailure()) return;
  }
}

TEST_F(PumpTest, TheSameBytesWhenEverySecondCallIsNotNow) {
  live(server_, {.every = 2});
  live(server_, {.every = 5});
}

TEST_F(PumpTest, NewKeysInTheMiddleOfAFlood) {
  Script script;
  script.rekey_after = 40'000;
  ScriptedSshServer server(std::move(script));
  live(server, {});
  live(server, {.every = 3, .send_at_most = 100, .recv_at_most = 1000});
}

// Whichever call finds the connection dead, everything ends; nothing hangs and nothing is made up.
TEST_F(PumpTest, EndsWhicheverCallFindsTheConnectionDead) {
  std::size_t sends = 0, recvs = 0;
  live(server_, {}, &sends, &recvs);
  const auto lives_till_it_dies = [&](Faults faults) {
    Driver driver(server_, faults);
    if (driver.log_in() != Outcome::kDone) {
      EXPECT_NE(driver.pump().transport().end(), Transport::End::kNone);
      return;
    }
    driver.pump().write("!flood 150000\n");
    driver.read_until(14 + 150'000);
    driver.pump().write("!exit 7\n");
    driver.run_to_the_end();
    const std::string whole = "!flood 150000\n" + flood_bytes(150'000) + "!exit 7\n";
    EXPECT_EQ(driver.output(), whole.substr(0, driver.output().size()));
    EXPECT_TRUE(driver.pump().end() == Pump::End::kTimedOut ||
                driver.pump().end() == Pump::End::kExited);
  };
  for (std::size_t n = 0; n < sends; n += 2) {
    SCOPED_TRACE("send " + std::to_string(n));
    lives_till_it_dies({.send_dies = n, .error = ETIMEDOUT});
    if (HasFatalFailure()) return;
  }
  for (std::size_t n = 0; n < recvs; n += 2) {
    SCOPED_TRACE("receive " + std::to_string(n));
    lives_till_it_dies({.recv_dies = n, .error = ETIMEDOUT});
    if (HasFatalFailure()) return;
  }
}

TEST_F(PumpTest, DeliversEverythingBeforeItSaysThatTheHostIsGone) {
  Driver driver(server_, {});
  ASSERT_EQ(driver.log_in(), Outcome::kDone);
  driver.pump().write("!flood 100000\n!cut\n");
  driver.run_to_the_end();
  // The shell echoes what it read before it obeys.
  EXPECT_EQ(driver.output(), "!flood 100000\n!cut\n" + flood_bytes(100'000));
  EXPECT_EQ(driver.pump().end(), Pump::End::kClosed);
}

TEST_F(PumpTest, KnowsASignalFromAStatus) {
  Driver driver(server_, {});
  ASSERT_EQ(driver.log_in(), Outcome::kDone);
  driver.pump().write("!signal KILL\n");
  driver.run_to_the_end();
  EXPECT_EQ(driver.pump().end(), Pump::End::kExited);
  EXPECT_EQ(driver.pump().exit().signal, "KILL");
}

TEST_F(PumpTest, BytesThatAreNoPacketEndItAsBroken) {
  Driver driver(server_, {});
  ASSERT_EQ(driver.log_in(), Outcome::kDone);
  driver.pump().write("!junk\n");
  driver.run_to_the_end();
  EXPECT_EQ(driver.pump().end(), Pump::End::kBroken);
}

TEST_F(PumpTest, APausedShellIsNotReadButTakesKeys) {
  Driver driver(server_, {});
  ASSERT_EQ(driver.log_in(), Outcome::kDone);
  driver.pump().write("!flood 2000000\n");
  driver.read_until(50'000);
  driver.pump().pause();
  const std::size_t before = driver.output().size();
  driver.pump().write("typed while paused\n");
  const Pump::Wants wants =
      driver.pump().turn([](std::string_view) { FAIL() << "output while paused"; });
  EXPECT_FALSE(wants.read);
  EXPECT_EQ(driver.output().size(), before);
  driver.pump().resume();
  const std::string expected = "!flood 2000000\n" + flood_bytes(2'000'000) + "typed while paused\n";
  driver.read_until(expected.size());
  EXPECT_EQ(driver.output(), expected);
}

TEST_F(PumpTest, TheLastOfSeveralSizesWins) {
  Driver driver(server_, {});
  ASSERT_EQ(driver.log_in(), Outcome::kDone);
  for (unsigned cols = 10; cols <= 200; ++cols) driver.pump().resize(cols, 50);
  driver.pump().write("!size\n");
  driver.read_until(std::string("!size\n200x50\r\n").size());
  EXPECT_EQ(driver.output(), "!size\n200x50\r\n");
}

TEST_F(PumpTest, AKeepaliveThatDoesNotFitBreaksNothing) {
  // libssh2's own keepalive forgets what it began to send.
  Driver driver(server_, {.every = 2, .send_at_most = 5});
  ASSERT_EQ(driver.log_in(), Outcome::kDone);
  const std::uint64_t before = driver.pump().transport().sent();
  driver.pump().keep_alive();
  driver.pump().write("after it\n");
  driver.read_until(9);
  EXPECT_EQ(driver.output(), "after it\n");
  EXPECT_GT(driver.pump().transport().sent(), before + 9);
}

TEST_F(PumpTest, AWrongPasswordIsRefusedAndTheConnectionLives) {
  Driver driver(server_, {});
  const auto offer = algorithms::offer(algorithms::Posture::kModern, {});
  ASSERT_EQ(driver.finish([&] { return driver.pump().handshake(offer); }), Outcome::kDone);
  std::string methods;
  ASSERT_EQ(driver.finish([&] { return driver.pump().list_methods("ana", methods); }),
            Outcome::kDone);
  EXPECT_EQ(methods, "password");
  Answerer nobody = [](const Challenge&) { return Answers(); };
  const base::Secret wrong(std::string("wrong horse"));
  EXPECT_EQ(driver.finish([&] { return driver.pump().password("ana", wrong, nobody); }),
            Outcome::kRefused);
  const base::Secret right(std::string("right horse"));
  EXPECT_EQ(driver.finish([&] { return driver.pump().password("ana", right, nobody); }),
            Outcome::kDone);
  EXPECT_TRUE(driver.pump().authenticated());
}

}  // namespace
}  // namespace sallyport::ssh
