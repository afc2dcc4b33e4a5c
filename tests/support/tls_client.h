#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace sallyport::support {

struct TlsWish {
  int least_version = 0;  // OpenSSL's number, such as TLS1_2_VERSION; 0: its own choice
  int most_version = 0;
  std::string suites = {};     // of TLS 1.2, as OpenSSL names them
  const char* from = nullptr;  // our own address; nullptr: the system's choice
  std::string before = {};     // said in plain, before TLS
  std::string protocol = {};   // offered by ALPN
};

// A blocking TLS connection to 127.0.0.1 that believes any certificate. No wait is longer than
// kPatience.
class TlsClient {
 public:
  explicit TlsClient(unsigned port, const TlsWish& wish = {});
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool connected() const;       // the handshake was done
  std::string trouble() const;  // why not
  std::string version() const;  // "TLSv1.3"
  std::string suite() const;
  std::string subject() const;   // the certificate's common name
  std::string protocol() const;  // chosen by ALPN
  void send(std::string_view bytes);
  std::string read_to_end();  // until the server closes
  bool said_goodbye() const;  // it ended with TLS's own word for it

 private:
  friend class TlsTunnel;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// For a client that speaks plain TCP: whoever connects to port() is connected to the TLS server on
// `to`. The end of either side is passed on.
class TlsTunnel {
 public:
  explicit TlsTunnel(unsigned to, const TlsWish& wish = {});
  ~TlsTunnel();
  TlsTunnel(const TlsTunnel&) = delete;
  TlsTunnel& operator=(const TlsTunnel&) = delete;
  unsigned port() const { return port_; }

 private:
  void run();
  void carry(int plain) const;

  unsigned to_;
  TlsWish wish_;
  unsigned port_ = 0;
  int listener_ = -1;
  int wake_[2] = {-1, -1};  // closed when it is over
  std::thread thread_;
};

}  // namespace sallyport::support
