#include "http_fixture.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <numeric>

#include "web/embedded.h"

namespace sallyport::web {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

LogLines::LogLines() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  read_end_ = ends[0];
  write_end_ = ends[1];
  log_ = std::make_unique<base::Log>(base::LogFormat::kText, base::LogLevel::kDebug, write_end_);
  collector_ = std::thread([this] { collect(); });
}

LogLines::~LogLines() {
  close(write_end_);
  collector_.join();
  close(read_end_);
}

void LogLines::collect() {
  std::string text;
  std::array<char, 4096> chunk;
  while (true) {
    const auto got = read(read_end_, chunk.data(), chunk.size());
    if (got <= 0) return;
    text.append(chunk.data(), static_cast<std::size_t>(got));
    const std::lock_guard lock(mutex_);
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
      lines_.push_back(text.substr(0, end));
      text.erase(0, end + 1);
    }
    grew_.notify_all();
  }
}

std::string LogLines::wait_for(const std::vector<std::string>& parts) {
  const auto wanted = [&parts](const std::string& line) {
    return std::ranges::all_of(
        parts, [&line](const auto& part) { return line.find(part) != std::string::npos; });
  };
  std::unique_lock lock(mutex_);
  std::string found;
  grew_.wait_for(lock, std::chrono::seconds(10), [&] {
    while (seen_ < lines_.size()) {
      if (wanted(lines_[seen_++])) {
        found = lines_[seen_ - 1];
        return true;
      }
    }
    return false;
  });
  return found;
}

std::string LogLines::all() {
  const std::lock_guard lock(mutex_);
  return std::accumulate(
      lines_.begin(), lines_.end(), std::string(),
      [](std::string text, const std::string& line) { return std::move(text) + line + "\n"; });
}

HttpTest::HttpTest()
    : on_upgrade([](net::Stream socket, Request, net::ReaderThread&) {
        boost::system::error_code ignored;
        boost::asio::write(socket.socket(), boost::asio::buffer(std::string_view("upgraded")),
                           ignored);
      }) {}

HttpTest::~HttpTest() { readers.stop(); }

void HttpTest::start(HttpOptions options, std::span<const Asset> files) {
  assets = std::make_unique<Assets>(files.empty() ? embedded_assets() : files);
  const Pages::Templates embedded{embedded_template("index.html"), embedded_template("error.html")};
  const Pages::Templates bare{"<!doctype html>", embedded_template("error.html")};
  pages = std::make_unique<Pages>(
      files.empty() ? embedded : bare, *assets,
      Boot{.version = "0.1.0", .presets = {{"demo", "127.0.0.1", 2222, "ana", true}}});
  server = std::make_unique<HttpServer>(std::move(options), readers, *pages, *assets, lines.log(),
                                        on_upgrade);
  listener = std::make_unique<net::Listener>(*readers.all().front(), readers, lines.log(),
                                             net::ListenAt{"127.0.0.1"},
                                             [this](net::Stream socket, net::ReaderThread& reader) {
                                               server->serve(std::move(socket), reader);
                                             });
  listener->start();
  readers.start();
}

int HttpTest::load() const {
  int sum = 0;
  for (const auto& reader : const_cast<net::ReaderThreads&>(readers).all()) sum += reader->load();
  return sum;
}

void HttpTest::expect_gone(const std::string& peer) {
  EXPECT_NE(lines.wait_for({"http.done", "peer=" + peer}), "") << "still there: " << peer << "\n"
                                                               << lines.all();
}

void expect_safe(const Response& response) {
  EXPECT_THAT(response.field("content-security-policy"), StartsWith("default-src 'none'; "));
  EXPECT_THAT(response.field("content-security-policy"), HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(response.field("content-security-policy"), Not(HasSubstr("unsafe")));
  EXPECT_EQ(response.field("x-content-type-options"), "nosniff");
  EXPECT_EQ(response.field("x-frame-options"), "DENY");
  EXPECT_EQ(response.field("referrer-policy"), "no-referrer");
  EXPECT_EQ(response.field("cross-origin-opener-policy"), "same-origin");
  EXPECT_EQ(response.field("cross-origin-resource-policy"), "same-origin");
  EXPECT_NE(response.field("permissions-policy"), "");
  EXPECT_NE(response.field("date"), "");
  EXPECT_NE(response.field("cache-control"), "");
  EXPECT_EQ(response.fields.count("server"), 0U);
}

}  // namespace sallyport::web
