#pragma once

#include "base/failure.h"
#include "protocol/frames.h"

namespace sallyport::session {

// The close code that follows the `error` frame of this failure (docs/protocol.md, rule 7).
protocol::CloseCode close_code(const base::Failure& failure);

}  // namespace sallyport::session
