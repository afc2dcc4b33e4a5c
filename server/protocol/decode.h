#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "protocol/frames.h"

namespace sallyport::protocol {

// One text frame to a message. The error is a reason for people ("input: seq is missing"), never
// text of the frame's secrets. Unknown fields are ignored; the size limit of the stage is the
// caller's (kFirstFrameLimit, kFrameLimit). Bounded in time and memory by the frame's length:
// nesting deeper than 4 is refused while parsing.
std::expected<ClientFrame, std::string> decode(std::string_view text);

}  // namespace sallyport::protocol
