#pragma once

#include <string>

#include "protocol/frames.h"

namespace sallyport::protocol {

// Each appends one JSON object, a whole text frame, to `out`. Strings of the message must be valid
// UTF-8; text that came from a host is passed through charset::printable() or the session's decoder
// before.
void encode(std::string& out, const Progress& message);
void encode(std::string& out, const HostKeyPrompt& message);
void encode(std::string& out, const QuestionsPrompt& message);
void encode(std::string& out, const Opened& message);
void encode(std::string& out, const Attached& message);
void encode(std::string& out, const Resized& message);
void encode(std::string& out, const Pong& message);
void encode(std::string& out, const Sessions& message);
void encode(std::string& out, const Output& message);
void encode(std::string& out, const Accepted& message);
void encode(std::string& out, const Exited& message);
void encode(std::string& out, const base::Failure& message);

}  // namespace sallyport::protocol
