#include "session/close_code.h"

#include <array>
#include <string_view>
#include <utility>

namespace sallyport::session {

using protocol::CloseCode;

protocol::CloseCode close_code(const base::Failure& failure) {
  // Only the failures whose code is not the one of their stage.
  static constexpr std::array<std::pair<std::string_view, CloseCode>, 15> kByCode{{
      {"bad-frame", CloseCode::kBadFrame},
      {"not-allowed", CloseCode::kForbidden},
      {"no-such-session", CloseCode::kNoSuchSession},
      {"taken-over", CloseCode::kTakenOver},
      {"idle-limit", CloseCode::kIdleLimit},
      {"time-limit", CloseCode::kTimeLimit},
      {"detached-limit", CloseCode::kTimeLimit},
      {"too-many-watchers", CloseCode::kTooManySessions},
      {"too-slow", CloseCode::kTooSlow},
      {"prompt-timeout", CloseCode::kTooSlow},
      {"too-many-sessions", CloseCode::kTooManySessions},
      {"too-many-own-sessions", CloseCode::kTooManySessions},
      {"too-many-logins", CloseCode::kTooManySessions},
      {"slow-down", CloseCode::kTooManySessions},
      {"gateway-stopping", CloseCode::kStopping},
  }};
  for (const auto& [code, close] : kByCode) {
    if (failure.code == code) return close;
  }
  return failure.stage == base::Stage::kRunning ? CloseCode::kSessionEnded
                                                : CloseCode::kCouldNotConnect;
}

}  // namespace sallyport::session
