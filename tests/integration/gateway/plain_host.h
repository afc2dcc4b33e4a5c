#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::support {

// A TCP listener on loopback that is no SSH server: for what goes wrong before SSH begins.
class PlainHost {
 public:
  enum class Kind {
    kSilent,  // connections are made, and nobody ever says a word
    kFull,    // its queue is full: an attempt to connect stays unanswered
  };
  explicit PlainHost(Kind kind = Kind::kSilent);
  ~PlainHost();
  PlainHost(const PlainHost&) = delete;
  PlainHost& operator=(const PlainHost&) = delete;

  unsigned port() const { return port_; }
  // Waits for the next connection; throws when none comes.
  void accept();
  // On the connection that accept() made.
  void say(std::string_view bytes);
  // Whether the gateway has given the connection up; waits for it.
  bool sees_the_end();
  void hang_up();

  // A port nobody listens on.
  static unsigned closed_port();

 private:
  int listener_ = -1;
  int connection_ = -1;
  unsigned port_ = 0;
  std::vector<int> fillers_;
};

}  // namespace sallyport::support
