#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "session/session.h"

namespace sallyport::session {

// The host's side of the port: it records what the session asks and takes as much input as the test
// allows.
struct RecordingShell final : terminal::Shell {
  struct Record {
    std::string written;
    std::size_t backlog = 0;
    int pauses = 0, resumes = 0, hang_ups = 0;
    bool destroyed = false;
    std::vector<protocol::Size> sizes;
    bool paused() const { return pauses > resumes; }
  };
  explicit RecordingShell(Record& r) : record(r) {}
  ~RecordingShell() override { record.destroyed = true; }
  void write(std::string_view bytes) override { record.written += bytes; }
  std::size_t backlog() const override { return record.backlog; }
  void resize(unsigned cols, unsigned rows) override { record.sizes.push_back({cols, rows}); }
  std::optional<std::chrono::microseconds> round_trip() const override {
    return std::chrono::microseconds(1250);
  }
  void pause() override { ++record.pauses; }
  void resume() override { ++record.resumes; }
  void hang_up() override { ++record.hang_ups; }
  Record& record;
};

// A viewer that takes its output like a browser's socket does, and acknowledges only when told to.
struct ReadingViewer final : Viewer {
  void on_attached(const protocol::Attached& a) override {
    attached.push_back(a);
    reached = a.start;
  }
  void on_output() override {
    while (reading && port && port->has_output()) {
      const auto [end, data] = port->take();
      reached += data.size();
      EXPECT_EQ(reached, end);
      text += data;
    }
  }
  void on_accepted(std::uint64_t seq) override { accepted = seq; }
  void on_resized(protocol::Size s) override { size = s; }
  void on_pong(const protocol::Pong& p) override { pong = p; }
  void on_exited(const terminal::ShellExit& exit) override {
    exited = exit;
    if (reading) on_output();
  }
  void on_failed(const base::Failure& failed) override { failure = failed; }
  void ack() { port->ack(reached); }
  std::string code() const { return failure ? failure->code : ""; }

  std::unique_ptr<ViewerPort> port;
  bool reading = true;
  std::uint64_t reached = 0;
  std::string text;
  std::vector<protocol::Attached> attached;
  std::uint64_t accepted = 0;
  std::optional<protocol::Size> size;
  std::optional<protocol::Pong> pong;
  std::optional<terminal::ShellExit> exited;
  std::optional<base::Failure> failure;
};

class SessionTest : public testing::Test {
 protected:
  static constexpr std::size_t kWindow = 1000;
  static constexpr std::size_t kLog = 64 * 1024;

  SessionTest() {
    options.window_bytes = kWindow;
    options.log_bytes = kLog;
    options.watchers = 2;
  }
  // A shell goes by way of the event loop, and its record must be there still.
  void TearDown() override {
    leave();
    registry.clear();
    settle();
  }
  // A shell that runs, with a viewer at its keyboard.
  void open(std::string_view encoding = "utf-8") {
    auto made = std::make_shared<Session>(context.get_executor(), *registry.admit(), options, meter,
                                          *terminal::Charset::named(encoding));
    made->run(std::make_unique<RecordingShell>(record), {"id", "db-3", 22, "ana", "", {}}, {80, 24},
              "page", registry);
    viewer.port = made->open(viewer);
    session = made;
    shell = made.get();
  }
  terminal::ShellEvents& shell_says() { return *shell; }
  void prints(std::string_view bytes) {
    shell_says().on_output(bytes);
    shell_says().on_output_pause();
  }
  base::Result<void> attach(ReadingViewer& who, std::uint64_t received, bool watch = false,
                            protocol::Size size = {80, 24}) {
    return session.lock()->attach(who, {watch, received, size}, who.port);
  }
  void leave() { viewer.port.reset(); }
  // Until nothing is due; a timer that is far away is not waited for.
  void settle() {
    context.restart();
    context.poll();
  }

  net::asio::io_context context;
  Registry registry{10};
  SessionOptions options;
  metrics::Meter meter;
  RecordingShell::Record record;
  ReadingViewer viewer;
  std::weak_ptr<Session> session;  // the registry's
  Session* shell = nullptr;        // the same
};

}  // namespace sallyport::session
