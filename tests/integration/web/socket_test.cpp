// The way into the terminal socket: who gets through, who does not, and what the one who does
// finds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <future>

#include "http_fixture.h"

namespace sallyport::web {
namespace {

using testing::HasSubstr;

constexpr const char* kOurs = "http://127.0.0.1:8022";  // get() says Host: 127.0.0.1:8022

std::string upgrade(const std::string& origin,
                    const std::string& more = "Sec-WebSocket-Protocol: sallyport.v1\r\n") {
  return get("/ws",
             "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                 (origin.empty() ? "" : "Origin: " + origin + "\r\n") + more);
}

class Socket : public HttpTest {};

TEST_F(Socket, OurPageGetsThroughWithItsRequestAndNothingRead) {
  std::promise<std::pair<std::string, bool>> seen;
  on_upgrade = [&](net::Stream socket, Request request, net::ReaderThread& reader) {
    seen.set_value(
        {std::string(request[http::field::sec_websocket_protocol]),
         socket.get_executor() == reader.executor() && reader.executor().running_in_this_thread()});
    boost::system::error_code ignored;
    boost::asio::write(socket.socket(), boost::asio::buffer(std::string_view("upgraded")), ignored);
  };
  start();
  Client client(port());
  const auto peer = client.peer_name();
  client.send(upgrade(kOurs));
  EXPECT_EQ(client.read_to_end(), "upgraded");
  EXPECT_EQ(seen.get_future().get(), std::make_pair(std::string("sallyport.v1"), true));
  expect_gone(peer);
  EXPECT_EQ(server->connections(), 0U);
  EXPECT_EQ(load(), 0);
}

TEST_F(Socket, NoDeadlineOfOursFollowsTheSocket) {
  std::promise<net::Stream> kept;
  on_upgrade = [&](net::Stream socket, Request, net::ReaderThread&) {
    kept.set_value(std::move(socket));
  };
  start({.origins = {},
         .header_timeout = std::chrono::milliseconds(50),
         .idle_timeout = std::chrono::milliseconds(50)});
  Client client(port());
  client.send(upgrade(kOurs));
  net::Stream socket = kept.get_future().get();
  EXPECT_FALSE(client.readable(300)) << "the server closed a socket it had given away";
  server->close();
  EXPECT_FALSE(client.readable(100)) << "nor does stopping touch it";
  boost::asio::write(socket.socket(), boost::asio::buffer(std::string_view("alive")));
  socket.socket().close();
  EXPECT_EQ(client.read_to_end(), "alive");
}

TEST_F(Socket, ARequestBeforeIsNoHindrance) {
  start();
  Client client(port());
  EXPECT_EQ(client.ask(get("/healthz")).status, 200U);
  client.send(upgrade(kOurs));
  EXPECT_EQ(client.read_to_end(), "upgraded");
}

TEST_F(Socket, ForeignOriginsAreRefused) {
  start({.origins = {"https://example.com"}});
  Client client(port());
  for (const auto* origin :
       {"", "null", "https://other.example", "https://example.com:8443", "https://sub.example.com",
        "https://evil-example.com", "https://example.com.evil", "http://example.com",
        "http://127.0.0.1:8023", "https://127.0.0.1:8022", "http://localhost:8022", "*"}) {
    const Response refused = client.ask(upgrade(origin));
    EXPECT_EQ(refused.status, 403U) << origin;
    EXPECT_THAT(refused.body, HasSubstr("Only Sallyport's own page may open a terminal."));
    expect_safe(refused);
    EXPECT_NE(lines.wait_for({"info", "http.refused", "reason=foreign-origin", "status=403",
                              "peer=" + client.peer_name()}),
              "");
  }
  const auto twice = client.ask(upgrade(
      kOurs, "Origin: " + std::string(kOurs) + "\r\nSec-WebSocket-Protocol: sallyport.v1\r\n"));
  EXPECT_EQ(twice.status, 403U) << "two origins are none";
  client.send(upgrade("https://example.com"));
  EXPECT_EQ(client.read_to_end(), "upgraded");
}

TEST_F(Socket, TheAddressOfAnAbsoluteTargetCountsInPlaceOfHost) {
  start();
  auto request = upgrade(kOurs);
  request.replace(request.find("/ws"), 3, "http://gate.example/ws");
  Client client(port());
  EXPECT_EQ(client.ask(request).status, 403U);
}

TEST_F(Socket, OtherUpgradesAreSaidWhatIsWrong) {
  start();
  Client client(port());
  const Response plain = client.ask(get("/ws", "Origin: http://127.0.0.1:8022\r\n"));
  EXPECT_EQ(plain.status, 426U);
  EXPECT_EQ(plain.field("upgrade"), "websocket");
  EXPECT_EQ(plain.field("sec-websocket-version"), "13");
  const Response bare = client.ask(upgrade(kOurs, ""));
  EXPECT_EQ(bare.status, 400U);
  EXPECT_EQ(bare.body, "A terminal socket must offer the WebSocket subprotocol sallyport.v1.\n");
  EXPECT_EQ(
      client
          .ask(upgrade(kOurs, "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: other\r\n"))
          .status,
      400U);
  client.send(
      upgrade(kOurs, "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: sallyport.v1\r\n"));
  EXPECT_EQ(client.read_to_end(), "upgraded");
}

TEST_F(Socket, FramesBeforeTheAnswerAreRefused) {
  start();
  Client client(port());
  const Response refused = client.ask(upgrade(kOurs) + "\x81\x85xxxxhello");
  EXPECT_EQ(refused.status, 400U);
  EXPECT_EQ(refused.body, "The client must wait for the answer to its upgrade.\n");
}

TEST_F(Socket, NobodyGetsThroughWhileTheGatewayStops) {
  start();
  server->stop();
  Client client(port());  // the listener still takes connections, each for one answer
  const Response refused = client.ask(upgrade(kOurs));
  EXPECT_EQ(refused.status, 503U);
}

}  // namespace
}  // namespace sallyport::web
