#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace sallyport::support {

// A blocking connection that says what no browser would. No wait is longer than kPatience.
class RawClient {
 public:
  explicit RawClient(unsigned port, const char* from = nullptr);  // 127.0.0.1, from that address
  explicit RawClient(const std::string& unix_path);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  unsigned port() const;  // our own
  // False when the other side takes no more.
  bool send(std::string_view bytes) const;
  // The head of an answer, and no more than has come with it. "" when the connection ended first.
  std::string read_head() const;
  std::string read_to_end() const;
  bool ends_within(std::chrono::milliseconds time) const;  // the other side closes; reads nothing
  std::string ask(std::string_view request) const {
    send(request);
    return read_head();
  }

 private:
  int fd_;
};

// "101" of "HTTP/1.1 101 Switching Protocols\r\n..."; "" of nothing.
std::string status_of(const std::string& head);

// A WebSocket upgrade as our page's browser asks for it; `fields` are more of its lines.
std::string upgrade_request(std::string_view path, std::string_view host, std::string_view origin,
                            std::string_view fields = "");

}  // namespace sallyport::support
