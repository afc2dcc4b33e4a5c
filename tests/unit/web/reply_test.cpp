#include "web/reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/health.h"
#include "web/security_headers.h"

namespace sallyport::web {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Reply, HeadSaysStatusLengthAndWhatKeepsThePageSafe) {
  Reply reply;
  reply.type = "text/plain";
  reply.fields = {{"ETag", "\"x\""}};
  reply.text = "hello";
  const auto head = head_of(reply, true);
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nContent-Length: 5\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nContent-Type: text/plain\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nETag: \"x\"\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nConnection: keep-alive\r\n"));
  EXPECT_THAT(
      head,
      HasSubstr(
          "\r\nContent-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; "
          "frame-ancestors 'none'\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nX-Frame-Options: DENY\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nReferrer-Policy: no-referrer\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nCross-Origin-Opener-Policy: same-origin\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nCross-Origin-Resource-Policy: same-origin\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nPermissions-Policy: "));
  EXPECT_THAT(head, Not(HasSubstr("\r\nServer:")));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
  EXPECT_THAT(head_of(reply, false), HasSubstr("\r\nConnection: close\r\n"));
}

TEST(Reply, ThePagesPolicyIsStrict) {
  Reply page;
  page.nonce = "N0nce";
  const auto head = head_of(page, true);
  EXPECT_THAT(
      head,
      HasSubstr(
          "\r\nContent-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self' "
          "'nonce-N0nce'; font-src 'self'; img-src 'self'; connect-src 'self'; "
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
          "require-trusted-types-for 'script'; trusted-types 'none'\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("unsafe-")));
}

TEST(Reply, APageIsFramedByWhomItIsSaidAndNothingElseIs) {
  Reply page;
  page.nonce = "N0nce";
  page.framers = "'self' https://portal.example.org";
  EXPECT_THAT(head_of(page, true),
              HasSubstr("; frame-ancestors 'self' https://portal.example.org; "));
  EXPECT_THAT(head_of(page, true), Not(HasSubstr("X-Frame-Options")));
  page.framers = "'self'";
  EXPECT_THAT(head_of(page, true), HasSubstr("\r\nX-Frame-Options: SAMEORIGIN\r\n"));
  page.framers = "";
  EXPECT_THAT(head_of(page, true), HasSubstr("\r\nX-Frame-Options: DENY\r\n"));
  Reply asset;
  asset.framers = "'self'";
  EXPECT_THAT(head_of(asset, true), HasSubstr("frame-ancestors 'none'\r\n"));
  EXPECT_THAT(head_of(asset, true), HasSubstr("\r\nX-Frame-Options: DENY\r\n"));
}

TEST(Reply, NotModifiedHasNoLength) {
  Reply reply;
  reply.status = 304;
  EXPECT_THAT(head_of(reply, true), Not(HasSubstr("Content-Length")));
}

TEST(Reply, EmbeddedBytesComeBeforeText) {
  Reply reply;
  reply.embedded = "embedded";
  EXPECT_EQ(reply.body(), "embedded");
}

TEST(Reply, DatesAreWrittenAsHttpHasThem) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");  // RFC 9110's example
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(Health, IsOkUntilTheGatewayStops) {
  EXPECT_EQ(health(false).status, 200U);
  EXPECT_EQ(health(false).text, R"({"status":"ok"})");
  EXPECT_EQ(health(true).status, 503U);
  EXPECT_EQ(health(true).text, R"({"status":"stopping"})");
  EXPECT_THAT(health(false).fields, testing::Contains(testing::Pair("Cache-Control", "no-store")));
}

}  // namespace
}  // namespace sallyport::web
