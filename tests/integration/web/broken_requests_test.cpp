// Requests that are too large, too slow or no requests at all.
#include <gmock/gmock.h>

#include <gtest/gtest.h>
#include <cstdint>

#include "http_fixture.h"

namespace sallyport::web {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

class BrokenRequests : public HttpTest {
 protected:
  // Sends and expects one answer with `status`, the end of the connection, and a line in the log.
  std::string expect_refused(const std::string& bytes, unsigned status, const std::string& reason) {
    Client client(port());
    const auto peer = client.peer_name();
    client.send(bytes);
    const auto response = client.read();
    if (!response) {
      ADD_FAILURE() << "closed without an answer: " << bytes.substr(0, 100);
      return "";
    }
    EXPECT_EQ(response->status, status) << bytes.substr(0, 100);
    EXPECT_EQ(response->field("connection"), "close");
    EXPECT_THAT(response->body, EndsWith(".\n")) << "a sentence";
    expect_safe(*response);
    EXPECT_EQ(client.read_to_end(), "") << "nothing follows";
    client.close();
    EXPECT_NE(lines.wait_for({"info", "http.refused", "reason=" + reason, "peer=" + peer}), "")
        << lines.all();
    expect_gone(peer);
    return response->body;
  }
};

struct Case {
  std::string bytes;
  std::string reason;
};
void PrintTo(const Case& c, std::ostream* out) { *out << testing::PrintToString(c.bytes); }

class Malformed : public BrokenRequests, public testing::WithParamInterface<Case> {};

TEST_P(Malformed, IsA400WithASentence) {
  start();
  expect_refused(GetParam().bytes, 400, GetParam().reason);
}

const std::string kHost = "Host: 127.0.0.1\r\n";

INSTANTIATE_TEST_SUITE_P(
    Table, Malformed,
    testing::Values(
        Case{"GET / HTTP/1.1\r\n\r\n", "host"},
        Case{"GET / HTTP/1.1\r\n" + kHost + kHost + "\r\n", "host"},
        Case{"GET / HTTP/2.0\r\n" + kHost + "\r\n", "version"},
        Case{"GET / HTTP/x.y\r\n" + kHost + "\r\n", "version"},
        Case{"G@T / HTTP/1.1\r\n" + kHost + "\r\n", "request-line"},
        Case{"\x16\x03\x01\x02\x01\x01\xfc\x03\x03\r\n\r\n",
             "request-line"},  // TLS, spoken to plain HTTP
        Case{"SSH-2.0-OpenSSH_9.9\r\n\r\n", "request-line"}, Case{"GET /\r\n\r\n", "request-line"},
        Case{"GET / HTTP/1.1\r\nHost : x\r\n\r\n", "field"},
        Case{"GET / HTTP/1.1\r\n" + kHost + "no colon\r\n\r\n", "field"},
        Case{"GET / HTTP/1.1\r\n" + kHost + "X: a\x01z\r\n\r\n", "field"},
        Case{"GET / HTTP/1.1\r\n" + kHost + std::string("X: a\0z\r\n\r\n", 10), "field"},
        Case{"GET nowhere HTTP/1.1\r\n" + kHost + "\r\n", "target"},
        Case{"CONNECT db-3:22 HTTP/1.1\r\n" + kHost + "\r\n", "target"},
        Case{"OPTIONS * HTTP/1.1\r\n" + kHost + "\r\n", "target"},
        Case{"GET / HTTP/1.1\r\n" + kHost +
                 "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             "framing"},
        Case{"GET / HTTP/1.1\r\n" + kHost +
                 "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
             "framing"},
        Case{"GET / HTTP/1.1\r\n" + kHost + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
             "framing"},
        Case{"GET / HTTP/1.1\r\n" + kHost + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
             "framing"},
        Case{"GET / HTTP/1.1\r\n" + kHost + "Content-Length: -1\r\n\r\n", "framing"},
        Case{"GET / HTTP/1.1\r\n" + kHost + "Content-Length: 99999999999999999999\r\n\r\n",
             "framing"},
        Case{"GET / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: gzip\r\n\r\n", "framing"},
        Case{"GET / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
             "framing"},
        Case{"GET / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
             "framing"},
        Case{"GET / HTTP/1.0\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             "framing"},
        Case{"GET / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
             "malformed"}));

TEST_F(BrokenRequests, AHeaderMayHave16KiBAndNoMore) {
  start();
  const auto sized = [](std::size_t bytes) {
    const auto bare = get("/healthz", "X-Filler: \r\n").size();
    return get("/healthz", "X-Filler: " + std::string(bytes - bare, 'x') + "\r\n");
  };
  EXPECT_EQ(Client(port()).ask(sized(HttpServer::kHeaderLimit)).status, 200U);
  EXPECT_EQ(expect_refused(sized(HttpServer::kHeaderLimit + 1), 431, "header-too-large"),
            "The request's header is larger than 16 KiB.\n");
}

TEST_F(BrokenRequests, EndlessHeadersAreCutOff) {
  start();
  expect_refused("GET /" + std::string(200'000, 'x'), 431, "header-too-large");
  std::string many = "GET / HTTP/1.1\r\n" + kHost;
  for (int i = 0; i < 100'000; ++i) many += "X: y\r\n";
  expect_refused(many, 431, "header-too-large");
}

TEST_F(BrokenRequests, ContentIsDroppedUpTo64KiB) {
  start();
  Client client(port());
  const std::string most(HttpServer::kBodyLimit, 'x');
  EXPECT_EQ(
      client.ask(get("/healthz", "Content-Length: " + std::to_string(most.size()) + "\r\n") + most)
          .status,
      200U);
  EXPECT_EQ(client
                .ask(get("/healthz", "Transfer-Encoding: chunked\r\n") +
                     "5;x=y\r\nhello\r\n0\r\nTrailer: t\r\n\r\n")
                .status,
            200U);
  EXPECT_EQ(client.ask(get("/healthz", "", "POST")).status, 405U)
      << "the stream is in step after both";

  EXPECT_EQ(
      expect_refused(get("/", "Content-Length: " + std::to_string(most.size() + 1) + "\r\n") + most,
                     413, "body-too-large"),
      "The request's content is larger than 64 KiB.\n");
  expect_refused(get("/", "Transfer-Encoding: chunked\r\n") + "10001\r\n" + most, 413,
                 "body-too-large");
  std::string crumbs =
      get("/", "Transfer-Encoding: chunked\r\n");  // one byte each, and a long extension
  for (int i = 0; i < 2'000; ++i) crumbs += "1;" + std::string(200, 'x') + "\r\ny\r\n";
  expect_refused(crumbs, 413, "body-too-large");
  expect_refused(get("/", "Transfer-Encoding: chunked\r\n") + "1;" + std::string(300'000, 'x'), 413,
                 "body-too-large");
}

TEST_F(BrokenRequests, WhoAsksBeforeSendingContentIsAnsweredAtOnce) {
  start();
  Client client(port());
  const Response response =
      client.ask(get("/healthz", "Expect: 100-continue\r\nContent-Length: 1000\r\n"));
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.field("connection"), "close");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(BrokenRequests, AHeaderThatDripsIsCutOffAtItsDeadline) {
  start({.origins = {}, .header_timeout = std::chrono::milliseconds(300)});
  Client client(port());
  const auto peer = client.peer_name();
  const std::string request = get("/", "X-Slow: " + std::string(10'000, 'x') + "\r\n");
  const auto began = std::chrono::steady_clock::now();
  // One byte, then as long as the server is silent, at the most a moment.
  std::size_t sent = 0;
  while (sent < request.size() && client.send(request.substr(sent, 1)) && !client.readable(5))
    ++sent;
  const auto took = std::chrono::steady_clock::now() - began;
  const auto response = client.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 408U);
  EXPECT_EQ(response->body, "The request did not arrive in time.\n");
  expect_safe(*response);
  EXPECT_EQ(client.read_to_end(), "");
  client.close();
  EXPECT_GE(took, std::chrono::milliseconds(290));
  EXPECT_LT(sent, request.size());
  EXPECT_NE(lines.wait_for({"http.refused", "reason=too-slow", "status=408", "peer=" + peer}), "");
  expect_gone(peer);
}

TEST_F(BrokenRequests, ContentThatDripsIsCutOffToo) {
  start({.origins = {}, .header_timeout = std::chrono::milliseconds(200)});
  Client client(port());
  client.send(get("/", "Content-Length: 1000\r\n"));
  std::size_t sent = 0;
  while (sent < 1000 && client.send("x") && !client.readable(5)) ++sent;
  EXPECT_EQ(client.read()->status, 408U);
  EXPECT_LT(sent, 1000U);
}

TEST_F(BrokenRequests, ASecondRequestHasADeadlineOfItsOwn) {
  start({.origins = {}, .header_timeout = std::chrono::milliseconds(200)});
  Client client(port());
  EXPECT_EQ(client.ask(get("/healthz")).status, 200U);
  client.send("G");
  EXPECT_EQ(client.read()->status, 408U);
}

TEST_F(BrokenRequests, WhoSaysNothingIsClosedWithoutAWord) {
  start({.origins = {}, .header_timeout = std::chrono::milliseconds(100)});
  Client client(port());
  const auto peer = client.peer_name();
  EXPECT_EQ(client.read_to_end(), "");
  expect_gone(peer);
}

TEST_F(BrokenRequests, RandomBytesAreRefusedAndTheNextClientIsServed) {
  start({.origins = {}, .header_timeout = std::chrono::milliseconds(200)});
  std::uint32_t state = 1;
  for (int round = 0; round < 50; ++round) {
    std::string noise;
    for (int i = 0; i < 2'000; ++i) {
      state = state * 1664525 + 1013904223;
      noise += static_cast<char>(state >> 24);
    }
    Client client(port());
    client.send(noise + "\r\n\r\n");
    const auto response = client.read();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 400U);
  }
  EXPECT_EQ(Client(port()).ask(get("/healthz")).status, 200U);
}

}  // namespace
}  // namespace sallyport::web
