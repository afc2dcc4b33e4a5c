#include "security/process/real_gateway.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "support/gateway_fixture.h"

namespace sallyport::support {
namespace {

std::vector<std::string> words(const std::filesystem::path& known_hosts,
                               const std::vector<std::string>& flags) {
  std::vector<std::string> all{"serve",
                               "--listen=127.0.0.1:0",
                               "--log-level=debug",
                               "--threads=2",
                               "--host-keys=accept-new",
                               "--targets-allow=127.0.0.0/8,::1/128",
                               "--known-hosts=" + known_hosts.string(),
                               "--metrics-listen=127.0.0.1:0"};
  all.insert(all.end(), flags.begin(), flags.end());
  return all;
}

// In place of the machine's own configuration.
std::string empty_file(const std::filesystem::path& folder) {
  const auto file = folder / "sallyport.toml";
  write_file(file, "");
  return file.string();
}

unsigned number_after(const std::string& text, const std::string& before) {
  const auto at = text.find(before);
  if (at == text.npos) throw std::runtime_error("no " + before + " in: " + text);
  return static_cast<unsigned>(std::stoul(text.substr(at + before.size())));
}

}  // namespace

RealGateway::RealGateway(const std::vector<std::string>& flags)
    : process_(
          SALLYPORT_PROGRAM, words(known_hosts(), flags),
          {"HOME=" + folder_.path().string(), "SALLYPORT_CONFIG=" + empty_file(folder_.path())}) {
  port_ = number_after(process_.wait_for_output("/\n"), "http://127.0.0.1:");
  // Written before the line on stdout.
  const std::string& log = process_.wait_for_error("metrics.ready");
  const std::string line = log.substr(log.find("metrics.ready"));
  metrics_port_ = number_after(line, line.contains("\"port\":") ? "\"port\":" : "port=");
}

WebSocketClient RealGateway::connect() const {
  WebSocketOptions options;
  options.port = port_;
  WebSocketClient client(options);
  if (const auto status = client.upgrade(); status != 101) {
    throw std::runtime_error("the upgrade was answered " + std::to_string(status));
  }
  return client;
}

RealGateway::Json RealGateway::open_frame(unsigned port, const Json& auth, const Json& changes) {
  Json frame{{"type", "open"}, {"host", "127.0.0.1"}, {"port", port}, {"username", "ana"},
             {"auth", auth},   {"cols", 80},          {"rows", 24}};
  frame.merge_patch(changes);
  return frame;
}

std::string RealGateway::get(unsigned port, const std::string& target) {
  namespace asio = boost::asio;
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)});
  asio::write(socket, asio::buffer("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" +
                                   std::to_string(port) + "\r\nConnection: close\r\n\r\n"));
  std::string answer;
  boost::system::error_code end;
  asio::read(socket, asio::dynamic_buffer(answer), end);
  return answer;
}

void RealGateway::wait_until_idle() const {
  const bool idle = eventually([this] {
    const auto figures = get(metrics_port_, "/metrics");
    return figures.contains("\nsallyport_sessions 0") &&
           figures.contains("\nsallyport_terminal_sockets 0");
  });
  if (!idle)
    throw std::runtime_error("a session or a socket stays: " + get(metrics_port_, "/metrics"));
}

std::string RealGateway::proc(const std::string& name) const {
  std::ifstream file("/proc/" + std::to_string(pid()) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace sallyport::support
