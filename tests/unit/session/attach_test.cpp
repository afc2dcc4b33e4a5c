#include "fixture.h"

namespace sallyport::session {
namespace {

using std::chrono::milliseconds;

TEST_F(SessionTest, ContinuesAtTheExactByteForWhoeverComesBack) {
  open();
  prints("one ");
  leave();
  prints("two ");
  ReadingViewer again;
  ASSERT_TRUE(attach(again, 2));
  ASSERT_EQ(again.attached.size(), 1U);
  EXPECT_EQ(again.attached[0].start, 2U);
  EXPECT_EQ(again.attached[0].end, 8U);
  EXPECT_EQ(again.attached[0].host, "db-3");
  EXPECT_EQ(again.attached[0].size, (protocol::Size{80, 24}));
  EXPECT_EQ(again.text, "e two ");
  EXPECT_EQ(meter.resumed_count(), 1U);
}

TEST_F(SessionTest, SaysWhichInputItTookAndTakesTheRestOnce) {
  open();
  viewer.port->input(1, "a");
  leave();
  ReadingViewer again;
  ASSERT_TRUE(attach(again, 0));
  EXPECT_EQ(again.attached[0].input, 1U);
  again.port->input(1, "a");
  again.port->input(2, "b");
  EXPECT_EQ(record.written, "ab");
  EXPECT_EQ(again.accepted, 2U);
}

TEST_F(SessionTest, GivesTheKeyboardToTheLastWhoComes) {
  open();
  ReadingViewer second;
  ASSERT_TRUE(attach(second, 0));
  EXPECT_EQ(viewer.code(), "taken-over");
  viewer.port->input(1, "x");
  viewer.port->resize({10, 10});
  viewer.port->hang_up();
  EXPECT_EQ(record.written, "");
  EXPECT_TRUE(record.sizes.empty());
  prints("hello");
  EXPECT_EQ(viewer.text, "");
  EXPECT_EQ(second.text, "hello");
  leave();
  second.port->input(1, "y");
  EXPECT_EQ(record.written, "y");
  EXPECT_EQ(meter.taken_over_count(), 1U);
}

TEST_F(SessionTest, SaysWhetherTheNumbersAreOfWhoeverComesBack) {
  open();
  viewer.port->input(1, "a");
  leave();
  ReadingViewer same, other, empty;
  ASSERT_TRUE(session.lock()->attach(same, {false, 0, {80, 24}, "page", true}, same.port));
  EXPECT_TRUE(same.attached[0].yours);
  ASSERT_TRUE(session.lock()->attach(other, {false, 0, {80, 24}, "tab", true}, other.port));
  EXPECT_FALSE(other.attached[0].yours);
  other.port.reset();  // the answer was lost
  ReadingViewer retry;
  ASSERT_TRUE(session.lock()->attach(retry, {false, 0, {80, 24}, "tab", true}, retry.port));
  EXPECT_FALSE(retry.attached[0].yours);
  retry.port->input(2, "b");
  ReadingViewer mine;
  ASSERT_TRUE(session.lock()->attach(mine, {false, 0, {80, 24}, "tab", true}, mine.port));
  EXPECT_TRUE(mine.attached[0].yours);
  ASSERT_TRUE(attach(empty, 0));
  EXPECT_TRUE(empty.attached[0].yours) << "who has no name takes care itself";
}

TEST_F(SessionTest, DoesNotGiveTheKeyboardBackToWhoeverComesByItself) {
  open();
  leave();
  ReadingViewer other, again;
  ASSERT_TRUE(session.lock()->attach(other, {false, 0, {80, 24}, "tab", true}, other.port));
  const auto refused =
      session.lock()->attach(again, {false, 0, {80, 24}, "page", false}, again.port);
  EXPECT_EQ(refused.error().code, "taken-over");
  EXPECT_FALSE(other.failure);
  other.port.reset();
  ReadingViewer back;
  EXPECT_TRUE(session.lock()->attach(back, {false, 0, {80, 24}, "tab", false}, back.port));
}

TEST_F(SessionTest, GivesItsPlaceBackWhenItsShellHasEnded) {
  open();
  viewer.port->input(1, "exit\r");
  shell_says().on_exit({0, ""});
  leave();
  settle();
  EXPECT_FALSE(session.expired());
  EXPECT_EQ(registry.size(), 0U);
}

TEST_F(SessionTest, RefusesWhatWasNeverSent) {
  open();
  prints("中");
  ReadingViewer again;
  EXPECT_EQ(attach(again, 4).error().code, "bad-frame");
  EXPECT_EQ(attach(again, 1).error().code, "bad-frame") << "inside a character";
  EXPECT_FALSE(again.port);
  EXPECT_FALSE(viewer.failure) << "who had the keyboard has it still";
}

TEST_F(SessionTest, HoldsTheShellWhenTheLogIsFullSoThatNothingIsLost) {
  open();
  leave();
  prints(std::string(kLog - 1, 'x'));
  EXPECT_FALSE(record.paused()) << "the window counts only while somebody is there";
  prints("x");
  EXPECT_TRUE(record.paused());
  ReadingViewer again;
  ASSERT_TRUE(attach(again, 0));
  EXPECT_EQ(again.text.size(), kLog);
  EXPECT_TRUE(record.paused());
  again.ack();
  EXPECT_FALSE(record.paused());
}

TEST_F(SessionTest, RunsOnAfterAWhileAndSaysWhereTheKeptOutputBegins) {
  options.lifetime.hold = milliseconds(0);
  open();
  prints("seen");
  leave();
  settle();
  const std::string line = "\x1b[1m" + std::string(95, 'y') + "\n";
  for (int i = 0; i < 4000; ++i) prints(line);
  EXPECT_FALSE(record.paused());
  ReadingViewer again;
  ASSERT_TRUE(attach(again, 4));
  const auto start = again.attached[0].start;
  EXPECT_GT(start, 4U);
  EXPECT_GE(again.text.size(), kLog);
  EXPECT_EQ(start + again.text.size(), 4 + 4000 * line.size());
  EXPECT_TRUE(again.text.starts_with("y") || again.text.starts_with("\x1b[1m") ||
              again.text.starts_with("\n"))
      << "begins inside a sequence";
}

TEST_F(SessionTest, ChangesTheSizeAndBackWhenTheScreenCannotBeMadeAgain) {
  options.lifetime.hold = milliseconds(0);
  open();
  leave();
  settle();
  prints(std::string(10 * kLog, 'x'));
  ReadingViewer again;
  ASSERT_TRUE(attach(again, 0));
  EXPECT_EQ(record.sizes, (std::vector<protocol::Size>{{80, 23}}));
  context.restart();
  context.run_for(milliseconds(2000));
  EXPECT_EQ(record.sizes, (std::vector<protocol::Size>{{80, 23}, {80, 24}}));
}

TEST_F(SessionTest, LeavesTheSizeAloneWhenTheScreenCanBeMadeAgain) {
  open();
  prints("all of it");
  leave();
  ReadingViewer again;
  ASSERT_TRUE(attach(again, 3));
  again.port.reset();
  ReadingViewer other;
  ASSERT_TRUE(attach(other, 0));
  EXPECT_TRUE(record.sizes.empty());
  other.port.reset();
  ReadingViewer larger;
  ASSERT_TRUE(attach(larger, 9, false, {100, 30}));
  EXPECT_EQ(record.sizes, (std::vector<protocol::Size>{{100, 30}}));
}

TEST_F(SessionTest, KeepsTheEndForWhoeverComesBack) {
  open();
  viewer.port->input(1, "exit\r");
  viewer.reading = false;
  leave();
  prints("goodbye");
  shell_says().on_exit({3, ""});
  EXPECT_FALSE(session.expired());
  ReadingViewer again;
  ASSERT_TRUE(attach(again, 0));
  EXPECT_EQ(again.text, "goodbye");
  ASSERT_TRUE(again.exited);
  EXPECT_EQ(again.exited->status, 3);
  again.port->end_seen();
  again.port.reset();
  settle();
  EXPECT_TRUE(session.expired());
}

TEST_F(SessionTest, KeepsTheEndUntilItWasSeen) {
  open();
  viewer.port->input(1, "exit\r");
  shell_says().on_exit({3, ""});
  leave();  // its socket broke before the browser had it
  settle();
  ASSERT_FALSE(session.expired());
  ReadingViewer again;
  ASSERT_TRUE(attach(again, 0));
  EXPECT_TRUE(again.exited);
}

TEST_F(SessionTest, EndsWhenNobodyComesBackInTime) {
  options.lifetime.detached = milliseconds(1);
  open();
  leave();
  context.restart();
  context.run_for(milliseconds(5000));
  EXPECT_TRUE(session.expired());
  EXPECT_EQ(record.hang_ups, 1);
  EXPECT_EQ(registry.size(), 0U);
}

TEST_F(SessionTest, EndsWhenNothingIsTyped) {
  options.lifetime.idle = milliseconds(1);
  open();
  context.restart();
  context.run_for(milliseconds(5000));
  EXPECT_EQ(viewer.code(), "idle-limit");
  EXPECT_TRUE(record.destroyed);
}

TEST_F(SessionTest, ForgetsOutputOnlyWhileNobodyHasTheKeyboard) {
  open();
  prints("kept");
  session.lock()->forget_output();
  leave();
  prints(", too");
  EXPECT_GT(registry.log_bytes(), 0U);
  session.lock()->forget_output();
  EXPECT_EQ(registry.log_bytes(), 0U);
  prints("$ ");
  ReadingViewer again;
  ASSERT_TRUE(attach(again, 4));
  EXPECT_EQ(again.attached[0].start, 9U);
  EXPECT_EQ(again.text, "$ ");
}

}  // namespace
}  // namespace sallyport::session
