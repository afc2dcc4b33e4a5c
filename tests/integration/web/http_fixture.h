#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "net/listener.h"
#include "net/reader_threads.h"
#include "support/http_client.h"
#include "web/assets.h"
#include "web/http_server.h"
#include "web/pages.h"

namespace sallyport::web {

// The log of what is tested, as lines that a test can wait for.
class LogLines {
 public:
  LogLines();
  ~LogLines();
  const base::Log& log() const { return *log_; }
  // The first line after the last one returned that holds all of `parts`; waits 10 s at the most,
  // then "".
  std::string wait_for(const std::vector<std::string>& parts);
  std::string all();

 private:
  void collect();
  int read_end_ = -1;
  int write_end_ = -1;
  std::unique_ptr<base::Log> log_;
  std::mutex mutex_;
  std::condition_variable grew_;
  std::vector<std::string> lines_;
  std::size_t seen_ = 0;
  std::thread collector_;
};

// The HTTP half of the gateway with the real front end, two reader threads and a listener on a free
// port of the loopback.
class HttpTest : public testing::Test {
 protected:
  HttpTest();
  ~HttpTest() override;

  // Starts the server; by default with deadlines that no test reaches.
  void start(HttpOptions options = {}, std::span<const Asset> files = {});
  unsigned port() const { return listener->local_endpoint().port(); }
  // Waits until the connection of `client` has left nothing behind.
  void expect_gone(const std::string& peer);
  int load() const;

  LogLines lines;
  net::ReaderThreads readers{2};
  std::unique_ptr<Assets> assets;
  std::unique_ptr<Pages> pages;
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<net::Listener> listener;
  OnUpgrade on_upgrade;  // set before start(); by default answers "upgraded" and closes
};

// What every response must carry.
void expect_safe(const Response& response);

}  // namespace sallyport::web
