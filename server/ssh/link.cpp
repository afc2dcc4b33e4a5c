#include "ssh/link.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "ssh/authenticator.h"
#include "ssh/shell.h"
#include "ssh/wire.h"
#include "terminal/charset.h"

namespace sallyport::ssh {
namespace {

using base::Result;
using base::Stage;
using Outcome = Pump::Outcome;

constexpr std::size_t kMaxBanner = 8 * 1024;  // bytes

class SocketLink final : public Link {
 public:
  SocketLink(net::Socket socket, LinkNames names, LinkTimeouts timeouts, net::Workers& workers)
      : connection_(std::make_shared<Connection>(std::move(socket), std::move(names), timeouts)),
        workers_(workers) {}
  ~SocketLink() override {
    if (!running_) connection_->close();
  }

  net::Task<Result<HostKey>> handshake(algorithms::Posture posture,
                                       std::vector<std::string> known_types) override {
    const auto self = shared_from_this();
    const algorithms::Offer offer = algorithms::offer(posture, known_types);
    connection_->set_posture(posture);
    connection_->start_clock(connection_->timeouts().handshake);
    const Outcome outcome = co_await connection_->repeat([&] { return pump().handshake(offer); });
    connection_->stop_clock();
    if (outcome != Outcome::kDone)
      co_return std::unexpected(connection_->failure(Stage::kHandshake));
    HostKey key;
    key.blob = pump().host_key();
    key.algorithm = key_type(key.blob);
    co_return key;
  }

  net::Task<Result<void>> authenticate(protocol::Auth auth, Questioner& questioner) override {
    const auto self = shared_from_this();
    connection_->start_clock(connection_->timeouts().authenticate);
    Authenticator authenticator(*connection_, questioner, workers_);
    Result<void> result = co_await authenticator.run(std::move(auth));
    connection_->stop_clock();
    banner_ = terminal::printable(pump().banner(), kMaxBanner);
    if (!result) connection_->close();
    co_return result;
  }

  const std::string& banner() const override { return banner_; }

  protocol::Algorithms algorithms() const override {
    const Pump::Negotiated n = connection_->pump().negotiated();
    const auto is_old = [](const std::string& name) { return algorithms::is_legacy(name); };
    const bool legacy = std::ranges::any_of(
        std::array{n.kex, n.hostkey, n.cipher_in, n.cipher_out, n.mac_in, n.mac_out}, is_old);
    return {n.kex, n.hostkey, n.cipher_in, n.cipher_out, n.mac_in, n.mac_out, legacy};
  }

  net::Task<Result<std::unique_ptr<terminal::Shell>>> open_shell(
      ShellRequest request, terminal::ShellEvents& events) override {
    const auto self = shared_from_this();
    connection_->start_clock(connection_->timeouts().shell);
    Outcome outcome =
        co_await connection_->repeat([&] { return pump().open_channel(request.window); });
    if (outcome != Outcome::kDone)
      co_return std::unexpected(refusal(outcome, "it opens no session"));
    outcome = co_await connection_->repeat(
        [&] { return pump().request_pty(request.term, request.size.cols, request.size.rows); });
    if (outcome != Outcome::kDone)
      co_return std::unexpected(refusal(outcome, "it gives no terminal"));
    for (const auto& [name, value] : request.env) {
      outcome = co_await connection_->repeat([&] { return pump().set_env(name, value); });
      if (outcome == Outcome::kFailed) co_return std::unexpected(refusal(outcome, ""));
    }
    outcome = co_await connection_->repeat([&] { return pump().start_shell(); });
    if (outcome != Outcome::kDone)
      co_return std::unexpected(refusal(outcome, "it starts no shell"));
    connection_->stop_clock();
    running_ = true;
    co_return run_shell(connection_, events);
  }

  void close() override { connection_->close(); }

 private:
  Pump& pump() { return connection_->pump(); }

  base::Failure refusal(Outcome outcome, std::string reason) {
    base::Failure failure = connection_->failure(Stage::kShell);
    if (outcome == Outcome::kRefused) {
      failure = base::failure::shell_refused(connection_->names().host, reason);
    }
    connection_->stop_clock();
    connection_->close();
    return failure;
  }

  std::shared_ptr<Connection> connection_;
  net::Workers& workers_;
  std::string banner_;
  bool running_ = false;  // the connection is the shell's
};

}  // namespace

std::shared_ptr<Link> Link::create(net::Socket socket, LinkNames names, LinkTimeouts timeouts,
                                   net::Workers& workers) {
  return std::make_shared<SocketLink>(std::move(socket), std::move(names), timeouts, workers);
}

}  // namespace sallyport::ssh
