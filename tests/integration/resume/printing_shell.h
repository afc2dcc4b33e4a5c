#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "support/openssh_server.h"
#include "support/resume_fixture.h"

namespace sallyport::support {

// A session at a real host whose shell prints NumberedLines from `begin` on, says in a file how far
// it has come, and then waits for a line, whose first word is the status it exits with.
struct PrintingShell {
  PrintingShell(const OpenSshServer& server, WebSocketClient& opened, std::uint64_t lines);

  // Lines it has printed, or handed to its terminal at least; a step of kStep.
  std::uint64_t printed() const;
  // Waits until it has printed all, or does not get further because nobody takes it.
  bool done() const;
  void wait_until_it_waits() const;

  static constexpr std::uint64_t kStep = 100;
  std::uint64_t lines;
  std::uint64_t bytes;
  std::filesystem::path progress;
  std::uint64_t begin = 0;  // offset of the first line
};

}  // namespace sallyport::support
