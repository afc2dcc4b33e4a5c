#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "support/gateway_fixture.h"
#include "support/openssh_server.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {

// What a page keeps to come back with.
struct Ticket {
  std::string session;
  std::string token;
  std::string watch;
};

// The real host with a plain shell at once, whatever the account's own would do first.
OpenSshServer::Options plain_shell();

// A gateway whose sessions outlive their sockets. A test ends the sessions it opened.
class ReturnTest : public GatewayTest {
 protected:
  ReturnTest();

  // A session at the scripted server, its ticket, and the first browser that has it.
  WebSocketClient open_session(ScriptedSshServer& host, Ticket& ticket);
  static Ticket ticket_of(const Json& opened);
  static Json attach_frame(const Ticket& ticket, std::uint64_t received,
                           const Json& changes = Json::object());
  static Json watch_frame(const Ticket& ticket, std::uint64_t received);

  // A new socket whose first frame this is, and what it was answered with.
  WebSocketClient send_first(const Json& frame);
  // Comes back and waits for `attached`, which goes to `answer`.
  WebSocketClient come_back(const Ticket& ticket, std::uint64_t received, Json* answer = nullptr);
  WebSocketClient watch(const Ticket& ticket, std::uint64_t received = 0, Json* answer = nullptr);
  // Comes back, hangs up, and waits until nothing of the session is there.
  void end(const Ticket& ticket);
  // Waits until no browser is connected: then the gateway knows that all have gone.
  void expect_no_browsers();
};

// Which of two reader threads a new socket comes to: the least loaded, the first one when both have
// as many. So whoever counts them can choose, with sockets that say nothing.
class Places {
 public:
  static constexpr unsigned kThreads = 2;

  // What a socket that connects now will be on; count it with arrive().
  unsigned next() const { return sockets_[0] <= sockets_[1] ? 0 : 1; }
  void arrive(unsigned thread) { ++sockets_.at(thread); }
  void leave(unsigned thread) { --sockets_.at(thread); }
  unsigned total() const { return sockets_[0] + sockets_[1]; }

 private:
  std::array<unsigned, kThreads> sockets_{};
};

}  // namespace sallyport::support
