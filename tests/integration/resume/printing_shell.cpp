#include "printing_shell.h"

#include <chrono>
#include <stdexcept>
#include <thread>

#include "numbered_lines.h"

namespace sallyport::support {

using namespace std::chrono_literals;

PrintingShell::PrintingShell(const OpenSshServer& server, WebSocketClient& opened,
                             std::uint64_t count)
    : lines(count), bytes(count * NumberedLines::length()) {
  static int number = 0;
  progress = server.folder() / ("progress-" + std::to_string(++number));
  const auto program = progress.string() + ".awk";
  write_file(program, NumberedLines::awk_program(lines, kStep));
  opened.type("stty raw -echo; echo rea''dy; awk -f " + program + " 2> " + progress.string() +
              "; echo " + std::to_string(lines) + " >> " + progress.string() +
              "; read status; exit $status\n");
  constexpr std::string_view kReady = "ready\n";
  opened.expect_output(kReady);
  begin = opened.output_start() + opened.output().find(kReady) + kReady.size();
}

std::uint64_t PrintingShell::printed() const {
  if (!std::filesystem::exists(progress)) return 0;
  auto text = read_file(progress);
  if (text.empty() || text.back() != '\n') return 0;
  text.pop_back();
  return std::stoull(text.substr(text.rfind('\n') + 1));
}

bool PrintingShell::done() const { return printed() == lines; }

void PrintingShell::wait_until_it_waits() const {
  const auto limit = std::chrono::steady_clock::now() + kPatience;
  auto before = printed();
  for (int quiet = 0; quiet < 15;) {
    std::this_thread::sleep_for(20ms);
    const auto now = printed();
    quiet = now > 0 && now == before ? quiet + 1 : 0;
    before = now;
    if (std::chrono::steady_clock::now() > limit) throw std::runtime_error("it goes on printing");
  }
}

}  // namespace sallyport::support
