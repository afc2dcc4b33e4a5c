#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>

#include "ssh/pump.h"
#include "support/rude_ssh_server.h"

// A whole SSH session, our pump against the rude server, in memory and in one call: for tests that
// try every byte, and for fuzzers. Header only: whoever includes it links the room `ssh`.
namespace sallyport::support {

// The pump's way to a server in the same thread. It ends when the server has nothing more to say.
class MemoryStream final : public ssh::ByteStream {
 public:
  static constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

  explicit MemoryStream(RudeSshServer& server)
      : server_(server), descriptor_(::open("/dev/null", O_RDWR | O_NONBLOCK | O_CLOEXEC)) {
    if (descriptor_ < 0) throw std::runtime_error("/dev/null cannot be opened");
    server_.start();
  }
  ~MemoryStream() override { ::close(descriptor_); }
  MemoryStream(const MemoryStream&) = delete;
  MemoryStream& operator=(const MemoryStream&) = delete;

  // Offsets in all that the server says.
  std::size_t ends_at = kNever;     // nothing from there on
  std::size_t changes_at = kNever;  // the lowest bit of this byte
  std::size_t spoilt_at = kNever;   // from there on it says this instead:
  std::string spoilt;

  ssize_t send(const char* data, std::size_t size) override {
    server_.feed({data, size});
    return static_cast<ssize_t>(size);
  }
  ssize_t recv(char* data, std::size_t size) override {
    listen();
    const std::size_t most = std::min({size, said_.size() - at_, std::max(ends_at, at_) - at_});
    if (most == 0) return over_ || at_ >= ends_at ? 0 : -EAGAIN;
    std::memcpy(data, said_.data() + at_, most);
    if (changes_at >= at_ && changes_at - at_ < most) data[changes_at - at_] ^= 1;
    at_ += most;
    return static_cast<ssize_t>(most);
  }
  int descriptor() const override { return descriptor_; }

  // Both wait for each other: then the server hangs up.
  void wait() {
    listen();
    over_ = over_ || at_ >= std::min(said_.size(), ends_at);
  }
  std::size_t given() const { return at_; }

 private:
  void listen() {
    said_ += server_.take_output();
    if (said_.size() < spoilt_at) return;
    said_.resize(spoilt_at);
    said_ += spoilt;
    spoilt_at = kNever;
    server_.hang_up();
  }
  RudeSshServer& server_;
  int descriptor_;
  std::string said_;
  std::size_t at_ = 0;
  bool over_ = false;
};

// From the handshake to the shell, some keys, and the end; returns what the shell printed.
inline std::string live(MemoryStream& stream) {
  using Outcome = ssh::Pump::Outcome;
  ssh::Pump pump(stream);
  const auto done = [&](auto step) {
    Outcome outcome = step();
    while (outcome == Outcome::kWait) {
      stream.wait();
      pump.woke();
      outcome = step();
    }
    return outcome == Outcome::kDone;
  };
  const auto offer = ssh::algorithms::offer(ssh::algorithms::Posture::kLegacy, {});
  const base::Secret password(std::string("right horse"));
  ssh::Answerer answerer = [](const ssh::Challenge& asked) -> ssh::Answers {
    if (asked.questions.size() > 20) return std::nullopt;
    std::vector<base::Secret> answers;
    for (std::size_t i = 0; i < asked.questions.size(); ++i) answers.emplace_back("an answer");
    return answers;
  };
  std::string methods, printed;
  if (!done([&] { return pump.handshake(offer); })) return printed;
  if (!done([&] { return pump.list_methods("ana", methods); })) return printed;
  if (!done([&] { return pump.password("ana", password, answerer); }) &&
      !done([&] { return pump.interactive("ana", answerer); })) {
    return printed;
  }
  if (!done([&] { return pump.open_channel(256 * 1024); })) return printed;
  if (!done([&] { return pump.request_pty("xterm", 80, 24); })) return printed;
  if (!done([&] { return pump.start_shell(); })) return printed;
  pump.write("keys for the host");
  for (int turns = 0; turns < 1000 && pump.end() == ssh::Pump::End::kRunning; ++turns) {
    const auto wants = pump.turn([&](std::string_view bytes) { printed += bytes; });
    if (wants.again) continue;
    if (turns == 1) pump.resize(100, 30);
    stream.wait();
    pump.woke();
  }
  return printed;
}

// A fuzzer's bytes as instructions for what a server says in place of what it should.
class Spoiler {
 public:
  Spoiler(std::string_view script, RudeSshServer& server) : script_(script), server_(server) {}
  std::string operator()(std::string payload) {
    switch (next(7)) {
      case 0:  // something else
        return take(next(0));
      case 1:  // one byte of it is another
        if (!payload.empty()) payload[next(0) % payload.size()] ^= static_cast<char>(next(1));
        return payload;
      case 2:  // less
        return payload.substr(0, next(0) % (payload.size() + 1));
      case 3:  // more
        return payload + take(next(0));
      case 4:  // something before it
        server_.send(take(next(0)));
        return payload;
      case 5:  // in another frame
        server_.send(payload,
                     {.length = next(0) << 8U, .padding = static_cast<std::uint8_t>(next(0))});
        return payload;
      case 6:  // and keys again
        server_.send(server_.kexinit_payload());
        return payload;
      default:
        return payload;
    }
  }

 private:
  unsigned next(unsigned otherwise) {
    if (script_.empty()) return otherwise;
    const auto byte = static_cast<unsigned char>(script_.front());
    script_.remove_prefix(1);
    return byte;
  }
  std::string take(unsigned size) {
    const std::string taken(script_.substr(0, size));
    script_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view script_;
  RudeSshServer& server_;
};

}  // namespace sallyport::support
