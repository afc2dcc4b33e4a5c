#include "web/outbox.h"

#include <cstdint>

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sallyport::web {
namespace {

using nlohmann::json;
using protocol::CloseCode;

// Everything the outbox has to say now, as JSON.
std::vector<json> drain(Outbox& outbox, const terminal::OutputLog* log) {
  std::vector<json> frames;
  for (std::string frame; outbox.next(frame, log);) frames.push_back(json::parse(frame));
  return frames;
}

TEST(Outbox, SendsControlFramesBeforeOutput) {
  terminal::OutputLog log(1024);
  log.append("hello");
  Outbox outbox;
  outbox.push(protocol::Progress{base::Stage::kShell});
  outbox.push_accepted(7);
  const auto frames = drain(outbox, &log);
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[0]["type"], "progress");
  EXPECT_EQ(frames[1], (json{{"type", "accepted"}, {"seq", 7}}));
  EXPECT_EQ(frames[2], (json{{"type", "output"}, {"end", 5}, {"data", "hello"}}));
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
  terminal::OutputLog log(1 << 20);
  log.append(std::string(Outbox::kOutputBytes + 10, 'x'));
  Outbox outbox;
  const auto frames = drain(outbox, &log);
  ASSERT_GE(frames.size(), 2U);
  std::uint64_t reached = 0;
  for (const auto& frame : frames) {
    const auto data = frame["data"].get<std::string>();
    EXPECT_LE(data.size(), Outbox::kOutputBytes);
    reached += data.size();
    EXPECT_EQ(frame["end"], reached);
  }
  EXPECT_EQ(reached, log.end());
}

TEST(Outbox, SaysItsLastWordsAfterAllOutputAndClosesAfterThem) {
  terminal::OutputLog log(1024);
  log.append("bye");
  Outbox outbox;
  outbox.finish(protocol::Exited{3, ""}, CloseCode::kSessionEnded);
  EXPECT_FALSE(outbox.close_due(&log));
  const auto frames = drain(outbox, &log);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0]["data"], "bye");
  EXPECT_EQ(frames[1], (json{{"type", "exited"}, {"status", 3}}));
  EXPECT_EQ(outbox.close_due(&log), CloseCode::kSessionEnded);
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
