// The scripted SSH server as a program of its own, for tests that are not written in C++:
//   scripted_ssh_host [--password TEXT | --no-password] [--interactive | --interactive-after]
//                     [--round NAME INSTRUCTION] [--ask TEXT ANSWER] [--ask-shown TEXT ANSWER]
//                     [--print TEXT]
// --ask belongs to the --round before it; the answer to --ask-shown is shown while it is typed.
// Prints one line, "PORT ALGORITHM KEY", and serves until SIGTERM or the end of the program that
// started it.
#include <sys/prctl.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <span>
#include <string>
#include <string_view>

#include "support/scripted_ssh_server.h"

namespace {

using sallyport::support::Script;

class Words {
 public:
  explicit Words(std::span<char*> words) : rest_(words) {}
  bool empty() const { return rest_.empty(); }
  std::string next() {
    if (rest_.empty()) {
      std::cerr << "scripted_ssh_host: a word is missing at the end\n";
      std::exit(2);
    }
    std::string word = rest_.front();
    rest_ = rest_.subspan(1);
    return word;
  }

 private:
  std::span<char*> rest_;
};

void add_question(Script& script, bool echo, Words& words) {
  if (script.rounds.empty()) script.rounds.emplace_back();
  std::string text = words.next();
  script.rounds.back().questions.push_back({std::move(text), echo, words.next()});
}

Script read_script(Words words) {
  Script script;
  while (!words.empty()) {
    const std::string flag = words.next();
    if (flag == "--password") {
      script.password = words.next();
    } else if (flag == "--no-password") {
      script.offers_password = false;
    } else if (flag == "--interactive") {
      script.offers_interactive = true;
    } else if (flag == "--interactive-after") {
      script.interactive_after = true;
    } else if (flag == "--round") {
      std::string name = words.next();
      script.rounds.push_back({std::move(name), words.next(), {}});
    } else if (flag == "--ask" || flag == "--ask-shown") {
      add_question(script, flag == "--ask-shown", words);
    } else if (flag == "--print") {
      script.prints.push_back(words.next());
    } else {
      std::cerr << "scripted_ssh_host: " << flag << " is not a flag\n";
      std::exit(2);
    }
  }
  return script;
}

}  // namespace

int main(int argc, char** argv) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigprocmask(SIG_BLOCK, &stop, nullptr);  // before the server's threads, which inherit it

  const std::span words(argv, static_cast<std::size_t>(argc));
  const sallyport::support::ScriptedSshServer server(read_script(Words(words.subspan(1))));
  std::cout << server.port() << ' ' << server.host_key().public_line << std::endl;
  int number = 0;
  sigwait(&stop, &number);
}
