#pragma once

#include <memory>
#include <string_view>

namespace sallyport::app {
class Gateway;
}

namespace sallyport::support {

// A whole gateway in this process that may dial nobody, and browsers that say anything: for a
// fuzzer. It lives until the process ends.
class LonelyGateway {
 public:
  LonelyGateway();
  ~LonelyGateway();
  // What a browser says first for a WebSocket of ours (RFC 6455, section 4.1).
  static std::string_view upgrade();
  // Sends `bytes` on a connection of their own and no more. Whether the gateway ends it, too.
  bool ends(std::string_view bytes) const;

 private:
  std::unique_ptr<app::Gateway> gateway_;
};

}  // namespace sallyport::support
