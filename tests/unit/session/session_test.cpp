#include "fixture.h"

namespace sallyport::session {
namespace {

TEST_F(SessionTest, ShowsItsViewerWhatTheShellPrints) {
  open();
  prints("one ");
  prints("two");
  EXPECT_EQ(viewer.text, "one two");
}

TEST_F(SessionTest, HoldsASplitCharacterUntilItIsWhole) {
  open();
  prints("\xe4\xb8");
  EXPECT_EQ(viewer.text, "");
  prints("\xad!");
  EXPECT_EQ(viewer.text, "中!");
}

TEST_F(SessionTest, SpeaksTheHostsEncodingBothWays) {
  open("gbk");
  prints("\xd6\xd0");
  EXPECT_EQ(viewer.text, "中");
  viewer.port->input(1, "中");
  EXPECT_EQ(record.written, "\xd6\xd0");
}

TEST_F(SessionTest, PausesTheShellAtTheWindowAndResumesBelowHalf) {
  open();
  prints(std::string(kWindow - 1, 'x'));
  EXPECT_FALSE(record.paused());
  prints("x");
  EXPECT_TRUE(record.paused());
  viewer.port->ack(kWindow / 2);
  EXPECT_TRUE(record.paused());
  viewer.port->ack(kWindow / 2 + 1);
  EXPECT_FALSE(record.paused());
  EXPECT_EQ(meter.stall().count(), 1U);
}

TEST_F(SessionTest, PacesByWhatWasTakenWhileAcksCannotBeRead) {
  open();
  prints(std::string(kWindow, 'x'));
  EXPECT_TRUE(record.paused());
  viewer.port->set_acks_unread(true);
  EXPECT_FALSE(record.paused());
  viewer.port->set_acks_unread(false);
  EXPECT_TRUE(record.paused());
}

TEST_F(SessionTest, RefusesAnAckBeyondWhatWasTakenAndForgivesAnOldOne) {
  open();
  prints("abc");
  viewer.port->ack(3);
  viewer.port->ack(1);
  EXPECT_FALSE(viewer.failure);
  viewer.port->ack(4);
  EXPECT_EQ(viewer.code(), "bad-frame");
}

TEST_F(SessionTest, TakesEachInputOnceAndInOrder) {
  open();
  viewer.port->input(1, "a");
  viewer.port->input(2, "b");
  viewer.port->input(1, "a");
  EXPECT_FALSE(viewer.failure);
  viewer.port->input(4, "d");
  EXPECT_EQ(viewer.code(), "bad-frame");
  EXPECT_EQ(record.written, "ab");
  EXPECT_EQ(viewer.accepted, 2U);
}

TEST_F(SessionTest, GoesOnWithoutAViewerThatBrokeTheProtocol) {
  open();
  viewer.port->input(7, "x");
  EXPECT_EQ(viewer.code(), "bad-frame");
  prints("unseen");
  EXPECT_EQ(viewer.text, "");
  ReadingViewer again;
  ASSERT_TRUE(attach(again, 0));
  EXPECT_EQ(again.text, "unseen");
}

TEST_F(SessionTest, AcceptsInputWhenTheHostHasTakenIt) {
  open();
  record.backlog = 5;
  viewer.port->input(1, "hello");
  EXPECT_EQ(viewer.accepted, 0U);
  EXPECT_EQ(viewer.port->input_backlog(), 5U);
  record.backlog = 0;
  shell_says().on_input_drained();
  EXPECT_EQ(viewer.accepted, 1U);
}

TEST_F(SessionTest, TellsHowFarTheHostIs) {
  open();
  viewer.port->ping(9);
  ASSERT_TRUE(viewer.pong);
  EXPECT_EQ(viewer.pong->id, 9U);
  EXPECT_EQ(viewer.pong->host, std::chrono::microseconds(1250));
}

TEST_F(SessionTest, MeasuresFromInputToTheNextOutput) {
  open();
  prints("$ ");
  EXPECT_EQ(meter.echo().count(), 0U);
  viewer.port->input(1, "l");
  viewer.port->input(2, "s");
  prints("ls");
  prints("more");
  EXPECT_EQ(meter.echo().count(), 1U);
  EXPECT_EQ(meter.input_bytes(), 2U);
  EXPECT_EQ(meter.output_bytes(), 8U);
}

TEST_F(SessionTest, TellsTheExitAfterAllOutput) {
  open();
  viewer.port->input(1, "exit 7\r");
  shell_says().on_output("last \xe4");
  shell_says().on_exit({7, ""});
  EXPECT_EQ(viewer.text, "last \xef\xbf\xbd");
  ASSERT_TRUE(viewer.exited);
  EXPECT_EQ(viewer.exited->status, 7);
}

TEST_F(SessionTest, CallsAShellThatFailsBeforeAnybodyTypedOneThatEndedAtOnce) {
  open();
  prints("This account is currently not available.\r\n");
  shell_says().on_exit({1, ""});
  ASSERT_TRUE(viewer.failure);
  EXPECT_EQ(viewer.failure->message, "The account's shell ended at once (status 1).");
}

TEST_F(SessionTest, LetsGoOfTheShellAsSoonAsItHasEnded) {
  open();
  shell_says().on_exit({0, ""});
  settle();
  EXPECT_TRUE(record.destroyed);
  EXPECT_EQ(meter.ended_count(), 1U);
}

TEST_F(SessionTest, EndsWhenItsUserHangsUp) {
  open();
  EXPECT_EQ(registry.size(), 1U);
  viewer.port->hang_up();
  leave();
  settle();
  EXPECT_TRUE(session.expired());
  EXPECT_EQ(registry.size(), 0U);
  EXPECT_EQ(record.hang_ups, 1);
  EXPECT_TRUE(record.destroyed);
}

TEST_F(SessionTest, EndsWithItsSocketWhereThatIsWanted) {
  options.lifetime.detached = std::chrono::milliseconds(0);
  open();
  leave();
  settle();
  EXPECT_TRUE(session.expired());
  EXPECT_EQ(registry.size(), 0U);
}

}  // namespace
}  // namespace sallyport::session
