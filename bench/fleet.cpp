#include "fleet.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "gateway_session.h"

namespace sallyport::bench {
namespace {

constexpr std::string_view kPrompt = "scripted> ";
constexpr std::size_t kReadSize = 4096;      // bytes: small, as each session has its own
constexpr std::size_t kPerAddress = 10'000;  // sessions from one address: it has 28 000 ports
constexpr auto kLoginPatience = std::chrono::seconds(60);  // without a single login

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("fleet: " + what); }

}  // namespace

Fleet::Fleet(unsigned gateway_port, const Target& target)
    : port_(gateway_port),
      open_frame_(bench::open_frame(target)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

Fleet::~Fleet() {
  for (const auto& session : sessions_) {
    hang_up(session.socket);
    close(session.socket);
  }
  close(epoll_);
}

void Fleet::start_one() {
  Session& session = sessions_.emplace_back();
  session.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (session.socket < 0) fail(std::strerror(errno));
  const int on = 1;
  setsockopt(session.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(session.socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr =
      htonl(INADDR_LOOPBACK + static_cast<std::uint32_t>(sessions_.size() / kPerAddress));
  sockaddr_in gateway = own;
  gateway.sin_port = htons(static_cast<std::uint16_t>(port_));
  gateway.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(session.socket, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
      ::connect(session.socket, reinterpret_cast<const sockaddr*>(&gateway), sizeof gateway) != 0) {
    fail(std::strerror(errno));
  }
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &session;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, session.socket, &event) != 0) fail(std::strerror(errno));
  sending_ = upgrade_request(port_);
  send(session);
}

void Fleet::open(std::size_t count, unsigned in_flight) {
  const auto all = sessions_.size() + count;
  auto last_login = Clock::now();
  while (open_ < all) {
    while (sessions_.size() < all && sessions_.size() - open_ < in_flight) start_one();
    const auto before = open_;
    turn_until(Clock::now() + std::chrono::milliseconds(20));
    if (open_ > before) last_login = Clock::now();
    if (Clock::now() - last_login > kLoginPatience) {
      fail("no login in a minute, after " + std::to_string(open_));
    }
  }
}

std::vector<double> Fleet::type(std::size_t typists, double per_second,
                                std::chrono::seconds duration) {
  const std::chrono::duration<double> between(1 / (per_second * static_cast<double>(typists)));
  const auto step = std::chrono::duration_cast<Clock::duration>(between);
  echo_times_.clear();
  const auto ends = Clock::now() + duration;
  auto next = Clock::now();
  for (std::size_t key = 0; next < ends; ++key, next += step) {
    turn_until(next);
    Session& session = sessions_[key % typists];
    // Somebody who types on without an echo: the first key's time goes on.
    if (!session.awaits_echo) session.sent = Clock::now();
    session.awaits_echo = true;
    append_input(sending_, ++session.seq, "x");
    send(session);
  }
  turn_until(Clock::now() + std::chrono::seconds(1));
  for (std::size_t at = 0; at < typists; ++at) {
    if (sessions_[at].awaits_echo) fail("a key without an echo");
  }
  return std::move(echo_times_);
}

void Fleet::send_all(const std::string& line) {
  for (auto& session : sessions_) {
    append_input(sending_, ++session.seq, line + "\n");
    send(session);
  }
}

void Fleet::run(std::chrono::duration<double> duration) {
  turn_until(Clock::now() + std::chrono::duration_cast<Clock::duration>(duration));
}

void Fleet::turn_until(Clock::time_point time) {
  std::array<epoll_event, 256> events;
  for (;;) {
    const auto left = std::max<Clock::duration>(time - Clock::now(), {});
    const timespec limit{std::chrono::floor<std::chrono::seconds>(left).count(),
                         std::chrono::nanoseconds(left % std::chrono::seconds(1)).count()};
    const int count =
        epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &limit, nullptr);
    for (int at = 0; at < count; ++at) {
      on_readable(*static_cast<Session*>(events[static_cast<std::size_t>(at)].data.ptr));
    }
    if (left == Clock::duration{} || Clock::now() >= time) return;
  }
}

void Fleet::on_readable(Session& session) {
  const auto got = recv(session.socket, session.reader.room(kReadSize), kReadSize, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) fail("a connection ended");
  session.reader.filled(static_cast<std::size_t>(got));
  if (session.state == State::kUpgrading && session.reader.read_upgrade()) {
    session.state = State::kOpening;
    append_frame(sending_, Opcode::kText, open_frame_);
    send(session);
  }
  while (const auto frame = session.reader.next()) on_frame(session, *frame);
}

void Fleet::on_frame(Session& session, const FrameReader::Frame& frame) {
  if (frame.opcode == Opcode::kClose) fail("a session was closed");
  if (frame.opcode == Opcode::kPing) {
    append_frame(sending_, Opcode::kPong, frame.payload);
    return send(session);
  }
  if (session.state == State::kOpening) {
    if (is_opened(frame.payload)) session.state = State::kPrompting;
    return;
  }
  if (const auto output = parse_output(frame.payload)) {
    on_output(session, *output);
  } else if (!is_accepted(frame.payload)) {
    fail(std::string(frame.payload));
  }
}

void Fleet::on_output(Session& session, const OutputFrame& output) {
  if (session.awaits_echo) {
    const std::chrono::duration<double, std::micro> took = Clock::now() - session.sent;
    echo_times_.push_back(took.count());
    session.awaits_echo = false;
  }
  text_.clear();
  append_unescaped(text_, output.data);
  received_ += text_.size();
  if (session.state == State::kPrompting) {
    session.prompt += text_;
    if (session.prompt.ends_with(kPrompt)) {
      session.state = State::kOpen;
      ++open_;
      std::string().swap(session.prompt);
    }
  }
  if (!acknowledges_) return;
  append_ack(sending_, output.end);
  send(session);
}

// Frames of a client are small, and the gateway always reads: a socket that takes none is an error.
void Fleet::send(Session& session) {
  const auto sent =
      ::send(session.socket, sending_.data(), sending_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent != static_cast<ssize_t>(sending_.size())) fail("a connection takes no input");
  sending_.clear();
}

}  // namespace sallyport::bench
