#include "support/resume_fixture.h"

namespace sallyport::support {

using namespace std::chrono_literals;

// bash reads the user's start-up file for a command too, but not when it is inside another shell.
OpenSshServer::Options plain_shell() {
  return {.config = {"ForceCommand exec /bin/sh", "SetEnv SHLVL=2 PS1= ENV="}};
}

ReturnTest::ReturnTest() {
  settings().detached_limit = 10min;
  settings().hold = 10min;
}

WebSocketClient ReturnTest::open_session(ScriptedSshServer& host, Ticket& ticket) {
  auto browser = connect();
  browser.send(open_frame(host.port(), password("right horse")));
  ticket = ticket_of(browser.expect("opened"));
  return browser;
}

Ticket ReturnTest::ticket_of(const Json& opened) {
  return {opened.at("session"), opened.at("token"), opened.value("watch", "")};
}

GatewayTest::Json ReturnTest::attach_frame(const Ticket& ticket, std::uint64_t received,
                                           const Json& changes) {
  Json frame{{"type", "attach"},
             {"session", ticket.session},
             {"token", ticket.token},
             {"received", received},
             {"cols", 80},
             {"rows", 24}};
  frame.merge_patch(changes);
  return frame;
}

GatewayTest::Json ReturnTest::watch_frame(const Ticket& ticket, std::uint64_t received) {
  return attach_frame(ticket, received, {{"token", ticket.watch}, {"watch", true}});
}

WebSocketClient ReturnTest::send_first(const Json& frame) {
  auto browser = connect();
  browser.send(frame);
  return browser;
}

WebSocketClient ReturnTest::come_back(const Ticket& ticket, std::uint64_t received, Json* answer) {
  auto browser = send_first(attach_frame(ticket, received));
  const auto attached = browser.expect("attached");
  if (answer) *answer = attached;
  return browser;
}

WebSocketClient ReturnTest::watch(const Ticket& ticket, std::uint64_t received, Json* answer) {
  auto browser = send_first(watch_frame(ticket, received));
  const auto attached = browser.expect("attached");
  if (answer) *answer = attached;
  return browser;
}

void ReturnTest::end(const Ticket& ticket) {
  auto browser = come_back(ticket, 0);
  browser.hang_up();
  EXPECT_EQ(browser.close_code(), 1000u);
}

void ReturnTest::expect_no_browsers() {
  EXPECT_TRUE(eventually([this] { return gateway().connections() == 0; }))
      << gateway().connections() << " sockets are still open";
}

}  // namespace sallyport::support
