#pragma once

#include <functional>
#include <string>

namespace sallyport::support {

// The process, and all it starts, gets a network of its own (a network namespace, inside a user
// namespace where it is not root), so that nothing here touches the machine's. Before any thread.
void enter_own_network();

// A network namespace beside it.
class Namespace {
 public:
  Namespace();
  ~Namespace();
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;

  // Runs `work` on a thread inside: the sockets, threads and programs that it starts stay there.
  void run(const std::function<void()>& work) const;
  std::string path() const;  // for ip(8)

 private:
  int descriptor_ = -1;
};

// Browser, gateway and host, each in a namespace of its own: browser - switch - gateway - switch -
// host. A cable that is pulled loses packets without a word: nobody refuses them, and no interface
// goes down.
class Networks {
 public:
  Networks();
  ~Networks();
  Networks(const Networks&) = delete;
  Networks& operator=(const Networks&) = delete;

  const Namespace& browser() const { return browser_; }
  const Namespace& gateway() const { return gateway_; }
  const Namespace& host() const { return host_; }

  static constexpr const char* kBrowserAddress = "10.71.0.2";
  static constexpr const char* kGatewayAddress = "10.71.0.1";  // where browsers find it
  static constexpr const char* kHostAddress = "10.72.0.2";

  enum class Cable { kBrowser, kHost };
  void pull(Cable cable) const;
  void put_back(Cable cable) const;

 private:
  Namespace browser_;
  Namespace gateway_;
  Namespace host_;
};

}  // namespace sallyport::support
