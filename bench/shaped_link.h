#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace sallyport::bench {

// A slow network in front of 127.0.0.1:`to`: each way carries `bytes_per_second`, every byte comes
// `delay` later, none is lost, and what is sent faster queues up to about `queue` bytes and then
// makes the sender wait, as behind a router. One connection at a time.
class ShapedLink {
 public:
  struct Shape {
    double bytes_per_second;
    std::chrono::milliseconds delay;
    std::size_t queue;
  };
  ShapedLink(unsigned to, Shape shape);
  ~ShapedLink();
  ShapedLink(const ShapedLink&) = delete;
  ShapedLink& operator=(const ShapedLink&) = delete;

  unsigned port() const;  // on 127.0.0.1

 private:
  class Carrier;
  std::unique_ptr<Carrier> carrier_;
};

}  // namespace sallyport::bench
