#include "web/assets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace sallyport::web {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;

constexpr std::array kFiles{
    Asset{"app.js", "assets/app-1111.js", "text/javascript; charset=utf-8", "AAA", "plain bytes",
          "br bytes", "gz bytes"},
    Asset{"mono.woff2", "assets/mono-2222.woff2", "font/woff2", "BBB", "font bytes", "", ""},
};

class AssetsTest : public testing::Test {
 protected:
  Assets assets{kFiles};
};

TEST_F(AssetsTest, ANameBecomesItsHashedFile) {
  EXPECT_EQ(assets.url("app.js"), "assets/app-1111.js");
  EXPECT_EQ(assets.url("app"), std::nullopt);
}

TEST_F(AssetsTest, AFileIsKeptForAYear) {
  const auto reply = assets.reply("/assets/app-1111.js", {});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200U);
  EXPECT_EQ(reply->body(), "plain bytes");
  EXPECT_EQ(reply->type, "text/javascript; charset=utf-8");
  EXPECT_THAT(reply->fields,
              Contains(Pair("Cache-Control", "public, max-age=31536000, immutable")));
  EXPECT_THAT(reply->fields, Contains(Pair("ETag", "\"AAA\"")));
  EXPECT_THAT(reply->fields, Contains(Pair("Vary", "Accept-Encoding")));
  EXPECT_THAT(reply->fields, Not(Contains(Key("Content-Encoding"))));
}

TEST_F(AssetsTest, EachFormHasItsBytesItsCodingAndItsTag) {
  const auto brotli =
      assets.reply("/assets/app-1111.js", {.accept_encoding = "gzip, br", .if_none_match = {}});
  ASSERT_TRUE(brotli);
  EXPECT_EQ(brotli->body(), "br bytes");
  EXPECT_THAT(brotli->fields, Contains(Pair("Content-Encoding", "br")));
  EXPECT_THAT(brotli->fields, Contains(Pair("ETag", "\"AAA-br\"")));
  const auto gzip =
      assets.reply("/assets/app-1111.js", {.accept_encoding = "gzip", .if_none_match = {}});
  ASSERT_TRUE(gzip);
  EXPECT_EQ(gzip->body(), "gz bytes");
  EXPECT_THAT(gzip->fields, Contains(Pair("Content-Encoding", "gzip")));
  EXPECT_THAT(gzip->fields, Contains(Pair("ETag", "\"AAA-gzip\"")));
}

TEST_F(AssetsTest, AFileWithoutEncodedFormsDoesNotVary) {
  const auto font =
      assets.reply("/assets/mono-2222.woff2", {.accept_encoding = "gzip, br", .if_none_match = {}});
  ASSERT_TRUE(font);
  EXPECT_EQ(font->body(), "font bytes");
  EXPECT_THAT(font->fields, Not(Contains(Key("Vary"))));
}

TEST_F(AssetsTest, WhatTheClientHasIsNotSentAgain) {
  for (const auto* tags : {"\"AAA\"", "W/\"AAA\"", "\"x\", \"AAA\"", "*"}) {
    const auto reply =
        assets.reply("/assets/app-1111.js", {.accept_encoding = {}, .if_none_match = tags});
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 304U) << tags;
    EXPECT_EQ(reply->body(), "");
    EXPECT_EQ(reply->type, "");
    EXPECT_THAT(reply->fields, Contains(Pair("ETag", "\"AAA\"")));
    EXPECT_THAT(reply->fields, Contains(Key("Cache-Control")));
    EXPECT_THAT(reply->fields, Contains(Key("Vary")));
  }
}

TEST_F(AssetsTest, AnotherTagIsNoMatch) {
  for (const auto* tags : {"\"AAB\"", "AAA", "\"AAA-br\"", "\"AAA\"x", ""}) {
    const auto reply =
        assets.reply("/assets/app-1111.js", {.accept_encoding = {}, .if_none_match = tags});
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 200U) << tags;
  }
}

TEST_F(AssetsTest, OnlyListedFilesExist) {
  for (const auto* path :
       {"/assets/app.js", "/assets/app-1111.js.br", "/assets/", "assets/app-1111.js", "",
        "/assets/../assets/app-1111.js", "//assets/app-1111.js", "/assets/app-1111.js%00"}) {
    EXPECT_FALSE(assets.reply(path, {})) << path;
  }
}

}  // namespace
}  // namespace sallyport::web
