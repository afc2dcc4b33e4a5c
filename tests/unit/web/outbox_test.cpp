#include "web/outbox.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>

#include "terminal/output_log.h"

namespace sallyport::web {
namespace {

using nlohmann::json;
using protocol::CloseCode;

// A seat at a log that nobody else reads.
struct LogPort final : session::ViewerPort {
  explicit LogPort(std::size_t capacity) : log(capacity) {}
  bool has_output() const override { return cursor < log.end(); }
  Piece take() override {
    if (cursor < log.start()) {
      cursor = log.start();
      moved();
      return {cursor, {}};
    }
    const auto data = log.read(cursor, kMostOutput);
    cursor += data.size();
    return {cursor, data};
  }
  void ack(std::uint64_t) override {}
  void input(std::uint64_t, std::string_view) override {}
  void resize(protocol::Size) override {}
  void ping(std::uint64_t) override {}
  std::size_t input_backlog() const override { return 0; }
  void set_acks_unread(bool) override {}
  void hang_up() override {}
  void end_seen() override {}
  terminal::OutputLog log;
  std::uint64_t cursor = 0;
  std::function<void()> moved;
};

// Everything the outbox has to say now, as JSON.
std::vector<json> drain(Outbox& outbox, session::ViewerPort* port) {
  std::vector<json> frames;
  for (std::string frame; outbox.next(frame, port);) frames.push_back(json::parse(frame));
  return frames;
}

TEST(Outbox, SendsControlFramesBeforeOutput) {
  LogPort port(1024);
  port.log.append("hello");
  Outbox outbox;
  outbox.push(protocol::Progress{base::Stage::kShell});
  outbox.push_accepted(7);
  const auto frames = drain(outbox, &port);
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[0]["type"], "progress");
  EXPECT_EQ(frames[1], (json{{"type", "output"}, {"end", 5}, {"data", "hello"}}));
  EXPECT_EQ(frames[2], (json{{"type", "accepted"}, {"seq", 7}})) << "nobody waits for it";
}

TEST(Outbox, CoalescesWhatWasAcceptedMeanwhile) {
  Outbox outbox;
  outbox.push_accepted(1);
  outbox.push_accepted(2);
  const auto frames = drain(outbox, nullptr);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0]["seq"], 2);
}

TEST(Outbox, CutsOutputIntoFramesThatContinueEachOther) {
  LogPort port(1 << 20);
  port.log.append(std::string(session::ViewerPort::kMostOutput + 10, 'x'));
  Outbox outbox;
  const auto frames = drain(outbox, &port);
  ASSERT_GE(frames.size(), 2U);
  std::uint64_t reached = 0;
  for (const auto& frame : frames) {
    const auto data = frame["data"].get<std::string>();
    EXPECT_LE(data.size(), session::ViewerPort::kMostOutput);
    reached += data.size();
    EXPECT_EQ(frame["end"], reached);
  }
  EXPECT_EQ(reached, port.log.end());
}

TEST(Outbox, SaysItsLastWordsAfterAllOutputAndClosesAfterThem) {
  LogPort port(1024);
  port.log.append("bye");
  Outbox outbox;
  outbox.finish(protocol::Exited{3, ""}, CloseCode::kSessionEnded);
  EXPECT_FALSE(outbox.close_due(&port));
  const auto frames = drain(outbox, &port);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0]["data"], "bye");
  EXPECT_EQ(frames[1], (json{{"type", "exited"}, {"status", 3}}));
  EXPECT_EQ(outbox.close_due(&port), CloseCode::kSessionEnded);
}

TEST(Outbox, SaysFirstThatTheViewerWasMovedForward) {
  LogPort port(8);
  for (int i = 0; i < 2000; ++i) port.log.append("0123456789");
  Outbox outbox;
  port.moved = [&] { outbox.push(protocol::Resized{{1, 2}}); };
  const auto frames = drain(outbox, &port);
  ASSERT_GE(frames.size(), 2U);
  EXPECT_EQ(frames[0]["type"], "size");
  EXPECT_EQ(frames[1]["type"], "output");
}

TEST(Outbox, HasOneEndOnly) {
  Outbox outbox;
  outbox.finish(protocol::Exited{0, ""}, CloseCode::kSessionEnded);
  outbox.finish(base::failure::bad_frame("late"), CloseCode::kBadFrame);
  const auto frames = drain(outbox, nullptr);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0]["type"], "exited");
  EXPECT_EQ(outbox.close_due(nullptr), CloseCode::kSessionEnded);
}

TEST(Outbox, DropsEverythingWhenItFinishesNow) {
  Outbox outbox;
  outbox.push(protocol::Progress{base::Stage::kShell});
  outbox.push_accepted(1);
  outbox.finish_now(CloseCode::kSessionEnded);
  EXPECT_TRUE(drain(outbox, nullptr).empty());
  EXPECT_EQ(outbox.close_due(nullptr), CloseCode::kSessionEnded);
}

}  // namespace
}  // namespace sallyport::web
