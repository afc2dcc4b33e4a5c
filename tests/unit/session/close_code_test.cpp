#include "session/close_code.h"

#include <gtest/gtest.h>

namespace sallyport::session {
namespace {

namespace failure = base::failure;
using protocol::CloseCode;

TEST(CloseCode, SaysWhyTheConnectionEnds) {
  EXPECT_EQ(close_code(failure::bad_frame("x")), CloseCode::kBadFrame);
  EXPECT_EQ(close_code(failure::not_allowed("h", 22)), CloseCode::kForbidden);
  EXPECT_EQ(close_code(failure::no_such_session()), CloseCode::kNoSuchSession);
  EXPECT_EQ(close_code(failure::too_slow("x", 1)), CloseCode::kTooSlow);
  EXPECT_EQ(close_code(failure::prompt_timeout(1)), CloseCode::kTooSlow);
  EXPECT_EQ(close_code(failure::too_many_sessions(1)), CloseCode::kTooManySessions);
  EXPECT_EQ(close_code(failure::gateway_stopping()), CloseCode::kStopping);
}

TEST(CloseCode, IsCouldNotConnectForEveryStageOfALogin) {
  for (const auto& failed :
       {failure::not_found("h"), failure::refused("h", 22), failure::not_ssh("h", 22),
        failure::host_key_changed("h", "a", "b"), failure::shell_ended_at_once(1),
        failure::not_accepted("h", "u", failure::Credential::kPassword, "publickey")}) {
    EXPECT_EQ(close_code(failed), CloseCode::kCouldNotConnect) << failed.code;
  }
}

TEST(CloseCode, IsSessionEndedForAShellThatRan) {
  EXPECT_EQ(close_code(failure::host_closed("h")), CloseCode::kSessionEnded);
  EXPECT_EQ(close_code(failure::stopped_answering("h")), CloseCode::kSessionEnded);
}

}  // namespace
}  // namespace sallyport::session
