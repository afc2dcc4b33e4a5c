// Connections over their life: several requests, the ends they can come to, and what is left behind
// (nothing).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "http_fixture.h"

namespace sallyport::web {
namespace {

using std::chrono::milliseconds;

class Connections : public HttpTest {};

TEST_F(Connections, PipelinedRequestsAreAnsweredInOrder) {
  start();
  Client client(port());
  client.send(get("/healthz") + get("/nowhere") + get("/healthz", "", "HEAD") +
              get("/healthz", "Connection: close\r\n"));
  EXPECT_EQ(client.read()->status, 200U);
  EXPECT_EQ(client.read()->status, 404U);
  EXPECT_EQ(client.read(true)->status, 200U);
  const auto last = client.read();
  EXPECT_EQ(last->status, 200U);
  EXPECT_EQ(last->field("connection"), "close");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(Connections, ARequestMayBeCutAnywhere) {
  start();
  Client client(port());
  const std::string request = get("/healthz", "Content-Length: 5\r\n") + "hello";
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    client.send(request.substr(0, cut));
    const Response response = client.ask(request.substr(cut));
    ASSERT_EQ(response.status, 200U) << "cut at " << cut;
  }
}

TEST_F(Connections, AnOldClientIsClosedUnlessItAsks) {
  start();
  Client old(port());
  EXPECT_EQ(old.ask("GET /healthz HTTP/1.0\r\n\r\n").field("connection"), "close");
  EXPECT_EQ(old.read_to_end(), "");
  Client keeps(port());
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(
        keeps.ask("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").field("connection"),
        "keep-alive");
  }
}

TEST_F(Connections, AnIdleOneIsClosed) {
  start({.origins = {}, .idle_timeout = milliseconds(100)});
  Client client(port());
  const auto peer = client.peer_name();
  EXPECT_EQ(client.ask(get("/healthz")).status, 200U);
  EXPECT_EQ(client.read_to_end(), "");
  expect_gone(peer);
}

TEST_F(Connections, OneThatHalfClosesStillGetsItsAnswers) {
  start();
  Client client(port());
  client.send(get("/healthz") + get("/healthz"));
  client.finish_sending();
  EXPECT_EQ(client.read()->status, 200U);
  EXPECT_EQ(client.read()->status, 200U);
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(Connections, AnEndAtAnyPointLeavesNothingBehind) {
  start();
  const std::string request = get("/", "Content-Length: 5\r\n") + "hello";
  for (const bool reset : {false, true}) {
    for (std::size_t sent = 0; sent <= request.size(); sent += sent < 20 ? 1 : 7) {
      Client client(port());
      const auto peer = client.peer_name();
      client.send(request.substr(0, sent));
      if (reset) {
        client.reset();
        expect_gone("");  // a peer that was reset before its first read has no name any more
      } else {
        client.close();
        expect_gone(peer);
      }
    }
  }
  EXPECT_EQ(server->connections(), 0U);
  EXPECT_EQ(load(), 0);
  EXPECT_EQ(Client(port()).ask(get("/healthz")).status, 200U);
}

TEST_F(Connections, OneThatNeverReadsItsAnswerIsCutOff) {
  const std::string large(64 * 1024 * 1024, 'x');  // more than the kernel buffers
  const std::array files{Asset{"large", "assets/large", "text/plain", "L", large, "", ""}};
  HttpOptions options;
  options.write_timeout = milliseconds(200);
  options.slowest_reader = large.size() + 1;
  start(options, files);
  Client client(port(), 4096);
  const auto peer = client.peer_name();
  client.send(get("/assets/large"));
  expect_gone(peer);
  EXPECT_EQ(server->connections(), 0U);
}

TEST_F(Connections, OneThatIsReadSlowlyButSteadilyArrivesWhole) {
  const std::string large(16 * 1024 * 1024, 'x');
  const std::array files{Asset{"large", "assets/large", "text/plain", "L", large, "", ""}};
  start({}, files);
  Client client(port(), 4096);
  EXPECT_EQ(client.ask(get("/assets/large")).body, large);
}

TEST_F(Connections, StoppingClosesIdleOnesAndAnswersLateOnesOnce) {
  start();
  std::array<std::unique_ptr<Client>, 4> idle;
  for (auto& client : idle) {
    client = std::make_unique<Client>(port());
    EXPECT_EQ(client->ask(get("/healthz")).body, R"({"status":"ok"})");
  }
  server->stop();
  for (auto& client : idle) EXPECT_EQ(client->read_to_end(), "");
  Client late(port());
  const Response response = late.ask(get("/healthz"));
  EXPECT_EQ(response.status, 503U);
  EXPECT_EQ(response.body, R"({"status":"stopping"})");
  EXPECT_EQ(response.field("connection"), "close");
  EXPECT_EQ(late.read_to_end(), "");
}

TEST_F(Connections, ClosingEndsThoseUnderWay) {
  start();
  Client half(port());
  const auto peer = half.peer_name();
  EXPECT_EQ(half.ask(get("/healthz")).status, 200U);
  half.send("GET / HT");
  server->close();
  EXPECT_EQ(half.read_to_end(), "");
  expect_gone(peer);
}

TEST_F(Connections, ThreadsMayGoBeforeConnectionsDo) {
  start();
  Client idle(port());
  EXPECT_EQ(idle.ask(get("/healthz")).status, 200U);
  Client half(port());
  half.send("GET /");
  server.reset();  // as the gateway ends: the server first, its threads last
  readers.stop();
}

TEST_F(Connections, AreSpreadOverTheReaderThreads) {
  start();
  std::array<std::unique_ptr<Client>, 10> clients;
  for (auto& client : clients) {
    client = std::make_unique<Client>(port());
    EXPECT_EQ(client->ask(get("/healthz")).status, 200U);
  }
  EXPECT_EQ(readers.all()[0]->load(), 5);
  EXPECT_EQ(readers.all()[1]->load(), 5);
  EXPECT_EQ(server->connections(), 10U);
}

}  // namespace
}  // namespace sallyport::web
