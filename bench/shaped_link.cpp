#include "shaped_link.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace sallyport::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kPacket = 1448;  // bytes of TCP in an Ethernet frame

sockaddr_in loopback(unsigned port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// One direction: packets wait for their turn on the line, travel, and arrive.
class Direction {
 public:
  Direction(int from, int to, const ShapedLink::Shape& shape)
      : from_(from), to_(to), shape_(shape) {}

  bool has_room() const { return waiting() < shape_.queue; }
  std::optional<Clock::time_point> next_arrival() const {
    return packets_.empty() ? std::nullopt : std::optional(packets_.front().arrives);
  }
  // False: the sender has gone.
  bool take() {
    std::array<char, kPacket> bytes;
    const auto got = recv(from_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return false;
    const std::chrono::duration<double> on_line(static_cast<double>(got) / shape_.bytes_per_second);
    line_free_ =
        std::max(line_free_, Clock::now()) + std::chrono::duration_cast<Clock::duration>(on_line);
    packets_.push_back(
        {line_free_ + shape_.delay, std::string(bytes.data(), static_cast<std::size_t>(got))});
    return true;
  }
  // False: the receiver has gone. It is ours and reads, so sending does not wait.
  bool deliver() {
    while (!packets_.empty() && packets_.front().arrives <= Clock::now()) {
      const auto& bytes = packets_.front().bytes;
      if (send(to_, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) return false;
      packets_.pop_front();
    }
    return true;
  }

 private:
  // Bytes that are not on their way yet.
  std::size_t waiting() const {
    const std::chrono::duration<double> left = line_free_ - Clock::now();
    return static_cast<std::size_t>(std::max(left.count(), 0.0) * shape_.bytes_per_second);
  }
  struct Packet {
    Clock::time_point arrives;
    std::string bytes;
  };
  int from_, to_;
  const ShapedLink::Shape& shape_;
  std::deque<Packet> packets_;
  Clock::time_point line_free_ = Clock::now();
};

}  // namespace

class ShapedLink::Carrier {
 public:
  Carrier(unsigned to, Shape shape) : to_(to), shape_(shape), wake_(eventfd(0, EFD_CLOEXEC)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    // The kernel's buffers are a part of the queue, so they are kept small; accepted sockets
    // inherit them.
    shrink(listener_);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, any, size) != 0 || listen(listener_, 1) != 0 ||
        getsockname(listener_, any, &size) != 0) {
      throw std::runtime_error("shaped link: cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Carrier() {
    stopping_ = true;
    (void)eventfd_write(wake_, 1);
    thread_.join();
    close(listener_);
    close(wake_);
  }
  unsigned port() const { return port_; }

 private:
  void shrink(int descriptor) const {
    const int half = static_cast<int>(shape_.queue / 2);
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &half, sizeof half);
  }
  void run() {
    while (!stopping_) {
      std::array<pollfd, 2> waiting{{{listener_, POLLIN, 0}, {wake_, POLLIN, 0}}};
      poll(waiting.data(), waiting.size(), -1);
      if (stopping_) return;
      const int near = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (near < 0) continue;
      const int far = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      shrink(far);
      const int on = 1;
      for (const int end : {near, far}) setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const auto address = loopback(to_);
      if (connect(far, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        carry(near, far);
      }
      close(near);
      close(far);
    }
  }
  void carry(int near, int far) {
    Direction up(near, far, shape_);
    Direction down(far, near, shape_);
    while (!stopping_) {
      const auto events = [](const Direction& way) {
        return static_cast<short>(way.has_room() ? POLLIN : 0);
      };
      std::array<pollfd, 3> waiting{
          {{near, events(up), 0}, {far, events(down), 0}, {wake_, POLLIN, 0}}};
      // At least this often, because room comes without an event.
      auto wake_up = Clock::now() + std::chrono::milliseconds(5);
      for (const auto* way : {&up, &down}) {
        if (const auto at = way->next_arrival()) wake_up = std::min(wake_up, *at);
      }
      const auto left = std::max<Clock::duration>(wake_up - Clock::now(), {});
      const timespec limit{0, std::chrono::nanoseconds(left).count()};
      ppoll(waiting.data(), waiting.size(), &limit, nullptr);
      if ((waiting[0].revents != 0 && !up.take()) || (waiting[1].revents != 0 && !down.take()) ||
          !up.deliver() || !down.deliver()) {
        return;
      }
    }
  }

  unsigned to_;
  Shape shape_;
  int wake_;
  int listener_ = -1;
  unsigned port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

ShapedLink::ShapedLink(unsigned to, Shape shape) : carrier_(std::make_unique<Carrier>(to, shape)) {}
ShapedLink::~ShapedLink() = default;
unsigned ShapedLink::port() const { return carrier_->port(); }

}  // namespace sallyport::bench
