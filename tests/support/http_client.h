#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::web {

struct Response {
  unsigned status = 0;
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;

  std::string field(const std::string& name) const {  // "" when there is none
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
  }
};

// A browser reduced to a blocking socket, which sends what no browser would. Everything waits 10 s
// at the most and then throws std::runtime_error.
class Client {
 public:
  explicit Client(unsigned port,
                  int receive_buffer = 0);  // 127.0.0.1; bytes of SO_RCVBUF, 0: the system's
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // False when the server has closed its side.
  bool send(std::string_view bytes);
  // The next response; `head`: it answers a HEAD and has no body. Nothing when the server closed
  // before its first byte.
  std::optional<Response> read(bool head = false);
  Response ask(std::string_view request);  // send() and read() of one that must be answered
  std::string read_to_end();        // all that comes until the server closes; "" on a reset too
  bool readable(int milliseconds);  // something, or the end, has come within that time
  void finish_sending();            // half close
  void close();
  void reset();                   // close with RST
  std::string peer_name() const;  // as the server logs it

 private:
  bool fill();
  int fd_;
  std::string buffer_;
};

// "GET PATH HTTP/1.1" with Host and more fields ("Name: value\r\n" each).
std::string get(std::string_view path, std::string_view fields = "",
                std::string_view method = "GET");

}  // namespace sallyport::web
