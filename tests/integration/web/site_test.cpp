// The page, its assets and the health check, asked over real sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>

#include "http_fixture.h"
#include "web/embedded.h"
#include "web/router.h"

namespace sallyport::web {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string unzip(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string plain;
  std::array<char, 65536> chunk;
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = chunk.size();
    result = inflate(&stream, Z_NO_FLUSH);
    plain.append(chunk.data(), chunk.size() - stream.avail_out);
  }
  EXPECT_EQ(result, Z_STREAM_END);
  inflateEnd(&stream);
  return plain;
}

// By the program that is there anyway: no brotli library is needed for one test.
std::string unbrotli(const std::string& bytes) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("sallyport-brotli-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "in", std::ios::binary) << bytes;
  const std::string command =
      std::string(SALLYPORT_NODE) + " -e \"const fs = require('fs'); fs.writeFileSync('" +
      (folder / "out").string() + "', require('zlib').brotliDecompressSync(fs.readFileSync('" +
      (folder / "in").string() + "')))\"";
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::ifstream file(folder / "out", std::ios::binary);
  std::string plain((std::istreambuf_iterator<char>(file)), {});
  std::filesystem::remove_all(folder);
  return plain;
}

// A path that the route answers.
std::string example(const Route& route) {
  if (route.handler == Handler::kAsset) return "/" + std::string(embedded_assets().front().file);
  return std::string(route.path);
}

class Site : public HttpTest {
 protected:
  void SetUp() override { start(); }
};

TEST_F(Site, EveryRouteAnswersSafelyAndRefusesOtherMethods) {
  Client client(port());
  for (const Route& route : kRoutes) {
    const auto path = example(route);
    const Response got = client.ask(get(path));
    EXPECT_EQ(got.status, route.needs == Needs::kNothing ? 200U : 426U) << path;
    expect_safe(got);
    for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW", "HEAD"}) {
      const bool head = std::string_view(method) == "HEAD";
      if (head && route.handler != Handler::kTerminalSocket) continue;
      client.send(get(path, "", method));
      const auto refused = client.read(head);
      ASSERT_TRUE(refused);
      EXPECT_EQ(refused->status, 405U) << method << " " << path;
      EXPECT_EQ(refused->field("allow"), allowed_methods(route));
      expect_safe(*refused);
    }
  }
}

TEST_F(Site, HeadSaysWhatGetWouldAndSendsNothing) {
  Client client(port());
  for (const Route& route : kRoutes) {
    if (route.handler == Handler::kTerminalSocket) continue;
    const auto path = example(route);
    const Response got = client.ask(get(path));
    const Response head = client.ask(get(path, "", "HEAD"));
    EXPECT_EQ(head.status, 200U) << path;
    EXPECT_EQ(head.field("content-length"), std::to_string(got.body.size())) << path;
    EXPECT_EQ(head.field("content-type"), got.field("content-type"));
    EXPECT_EQ(head.body, "");
    expect_safe(head);
  }
  EXPECT_EQ(client.ask(get("/healthz")).status, 200U)
      << "a byte of a body would have broken the stream";
}

TEST_F(Site, ThePageCarriesItsNonceAndAllItsAssetsExist) {
  Client client(port());
  const Response page = client.ask(get("/"));
  EXPECT_EQ(page.field("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.field("cache-control"), "no-store");
  EXPECT_THAT(page.body, Not(HasSubstr("{{")));
  EXPECT_THAT(
      page.body,
      HasSubstr(R"({"version":"0.1.0","presets":[{"name":"demo","host":"127.0.0.1","port":2222,)"
                R"("username":"ana","identity":true,"clipboard":"ask"}]})"));
  std::smatch nonce;
  const std::string policy = page.field("content-security-policy");
  ASSERT_TRUE(std::regex_search(policy, nonce,
                                std::regex("style-src 'self' 'nonce-([A-Za-z0-9_-]{22,})'")));
  EXPECT_THAT(page.body, HasSubstr("nonce=\"" + nonce.str(1) + "\""));
  EXPECT_NE(client.ask(get("/")).field("content-security-policy"), policy)
      << "a nonce is used once";

  const std::regex url("(?:src|href)=\"([^\"]+)\"");
  int found = 0;
  for (auto match = std::sregex_iterator(page.body.begin(), page.body.end(), url);
       match != std::sregex_iterator(); ++match) {
    const std::string asset = match->str(1);
    EXPECT_THAT(asset, testing::StartsWith("assets/"))
        << "relative, so that a proxy may put us on a sub-path";
    EXPECT_EQ(client.ask(get("/" + asset)).status, 200U) << asset;
    ++found;
  }
  EXPECT_GE(found, 2);
}

TEST_F(Site, ThePageHasNothingThatItsPolicyForbids) {
  const Response page = Client(port()).ask(get("/"));
  EXPECT_FALSE(std::regex_search(page.body, std::regex("<[^>]* style=")));
  EXPECT_FALSE(std::regex_search(page.body, std::regex("<[^>]* on[a-z]+=")));
  EXPECT_FALSE(std::regex_search(page.body, std::regex("<style(?![^>]*nonce=)")));
  EXPECT_FALSE(std::regex_search(page.body, std::regex("(src|href)=\"(https?:)?//")));
}

TEST_F(Site, EveryAssetDecodesToTheSameBytes) {
  Client client(port());
  ASSERT_FALSE(embedded_assets().empty());
  for (const Asset& asset : embedded_assets()) {
    const auto path = "/" + std::string(asset.file);
    const Response plain = client.ask(get(path));
    EXPECT_EQ(plain.status, 200U);
    EXPECT_EQ(plain.body, asset.plain);
    EXPECT_EQ(plain.field("content-type"), asset.type);
    EXPECT_EQ(plain.field("cache-control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(plain.field("content-encoding"), "");
    const Response gzip = client.ask(get(path, "Accept-Encoding: gzip\r\n"));
    EXPECT_EQ(gzip.field("content-encoding"), asset.gzip.empty() ? "" : "gzip");
    EXPECT_EQ(asset.gzip.empty() ? gzip.body : unzip(gzip.body), plain.body) << path;
    const Response brotli = client.ask(get(path, "Accept-Encoding: gzip, deflate, br\r\n"));
    EXPECT_EQ(brotli.field("content-encoding"),
              asset.brotli.empty() ? (asset.gzip.empty() ? "" : "gzip") : "br");
    if (!asset.brotli.empty()) {
      EXPECT_LT(brotli.body.size(), plain.body.size());
      EXPECT_EQ(unbrotli(brotli.body), plain.body) << path;
      EXPECT_NE(brotli.field("etag"), plain.field("etag"));
      EXPECT_EQ(brotli.field("vary"), "Accept-Encoding");
    }
    expect_safe(brotli);
  }
}

TEST_F(Site, WhatTheBrowserHasIsNotSentAgain) {
  Client client(port());
  const auto script = std::ranges::find(embedded_assets(), "app.js", &Asset::name);
  ASSERT_NE(script, embedded_assets().end());
  ASSERT_FALSE(script->brotli.empty());
  const auto path = "/" + std::string(script->file);
  const Response first = client.ask(get(path, "Accept-Encoding: br\r\n"));
  const Response again = client.ask(
      get(path, "Accept-Encoding: br\r\nIf-None-Match: " + first.field("etag") + "\r\n"));
  EXPECT_EQ(again.status, 304U);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(again.field("etag"), first.field("etag"));
  EXPECT_EQ(again.fields.count("content-length"), 0U);
  expect_safe(again);
  EXPECT_EQ(client.ask(get(path, "If-None-Match: " + first.field("etag") + "\r\n")).status, 200U)
      << "another form";
  EXPECT_EQ(client.ask(get(path)).status, 200U) << "the stream is still in step";
}

TEST_F(Site, AnUnknownAddressIsAReadablePage) {
  Client client(port());
  const Response page = client.ask(get("/nowhere?secret=x", "Accept: text/html,*/*;q=0.8\r\n"));
  EXPECT_EQ(page.status, 404U);
  EXPECT_EQ(page.field("content-type"), "text/html; charset=utf-8");
  EXPECT_THAT(page.body, HasSubstr("There is nothing at this address."));
  expect_safe(page);
  const Response line = client.ask(get("/assets/app.js"));
  EXPECT_EQ(line.status, 404U);
  EXPECT_EQ(line.body, "There is nothing at this address.\n");
  EXPECT_EQ(line.field("cache-control"), "no-store");
  expect_safe(line);
  EXPECT_NE(lines.wait_for({"http.request", "path=/nowhere", "status=404"}), "");
  EXPECT_THAT(lines.all(), Not(HasSubstr("secret")));
}

TEST_F(Site, TheAbsoluteFormIsTheSamePage) {
  Client client(port());
  EXPECT_EQ(
      client.ask("GET http://127.0.0.1:8022/healthz HTTP/1.1\r\nHost: 127.0.0.1:8022\r\n\r\n").body,
      R"({"status":"ok"})");
}

}  // namespace
}  // namespace sallyport::web
