#include "login_client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <stdexcept>
#include <utility>

#include "net/closer.h"
#include "policy/grant.h"

namespace sallyport::ssh {
namespace {

constexpr std::chrono::seconds kPatience{30};

std::vector<policy::Grant> grants(const std::string& address, unsigned port) {
  const auto parsed = policy::Address::parse(address);
  if (!parsed) throw std::runtime_error("not an address: " + address);
  const policy::Policy everything(policy::Rules{}, {});
  // A preset's host may be loopback.
  return everything.decide(address, port, {*parsed}, true);
}

}  // namespace

LoginClient::LoginClient(Host host) : host_(std::move(host)), answered_(context_.get_executor()) {}

LoginClient::~LoginClient() {
  shell_.reset();
  if (link_) link_->close();
  context_.restart();
  context_.run_for(std::chrono::seconds(1));
}

bool LoginClient::run_until(const std::function<bool()>& done) {
  const auto ends = std::chrono::steady_clock::now() + kPatience;
  while (!done()) {
    if (std::chrono::steady_clock::now() >= ends) return false;
    context_.restart();
    context_.run_one_until(ends);
  }
  return true;
}

void LoginClient::run_for(std::chrono::milliseconds time) {
  context_.restart();
  context_.run_for(time);
}

void LoginClient::later(std::chrono::milliseconds time, std::function<void()> what) {
  const auto timer = std::make_shared<net::Timer>(context_.get_executor(), time);
  timer->async_wait([timer, what = std::move(what)](const boost::system::error_code&) { what(); });
}

void LoginClient::run_task(net::Task<> task) {
  bool ended = false;
  std::exception_ptr thrown;
  boost::asio::co_spawn(context_.get_executor(), std::move(task), [&](std::exception_ptr error) {
    thrown = error;
    ended = true;
  });
  if (!run_until([&] { return ended; })) throw std::runtime_error("a stage did not end");
  if (thrown) std::rethrow_exception(thrown);
}

std::optional<base::Failure> LoginClient::dial() {
  net::Closer closer;
  return run<net::Socket>(ssh::dial(grants(host_.address, host_.port), host_.address, host_.port,
                                    connect_limit, timeouts.dead_after, closer),
                          [&](net::Socket socket) { socket_.emplace(std::move(socket)); });
}

std::optional<base::Failure> LoginClient::shake_hands() {
  link_ = Link::create(std::move(*socket_), {host_.address, host_.port, host_.user}, timeouts,
                       workers_);
  return run<HostKey>(link_->handshake(algorithms::Posture::kModern, known_types),
                      [&](HostKey found) { host_key = std::move(found); });
}

std::optional<base::Failure> LoginClient::sign_in(protocol::Auth auth) {
  std::optional<base::Failure> failed;
  run_task([](LoginClient& self, protocol::Auth given,
              std::optional<base::Failure>& into) -> net::Task<> {
    const base::Result<void> result = co_await self.link_->authenticate(std::move(given), self);
    if (!result) into = result.error();
  }(*this, std::move(auth), failed));
  return failed;
}

std::optional<base::Failure> LoginClient::open_shell() {
  return run<std::unique_ptr<terminal::Shell>>(
      link_->open_shell(request, *this),
      [&](std::unique_ptr<terminal::Shell> shell) { shell_ = std::move(shell); });
}

std::optional<base::Failure> LoginClient::log_in(protocol::Auth auth) {
  if (auto failed = dial()) return failed;
  if (auto failed = shake_hands()) return failed;
  if (auto failed = sign_in(std::move(auth))) return failed;
  return open_shell();
}

net::Task<base::Result<std::vector<base::Secret>>> LoginClient::ask(
    protocol::QuestionsPrompt prompt) {
  prompts.push_back(std::move(prompt));
  if (on_prompt) on_prompt();
  if (answers.empty()) {
    // Nobody answers; only the host's hanging up ends it.
    answered_.expires_at(net::Timer::time_point::max());
    boost::system::error_code woken;
    co_await answered_.async_wait(boost::asio::redirect_error(net::use_task, woken));
    co_return std::unexpected(given_up ? *given_up : base::failure::prompt_timeout(0));
  }
  if (thinks.count() > 0) {
    answered_.expires_after(thinks);
    boost::system::error_code woken;
    co_await answered_.async_wait(boost::asio::redirect_error(net::use_task, woken));
    if (given_up) co_return std::unexpected(*given_up);
  }
  std::vector<base::Secret> given;
  for (const std::string& text : answers.front()) given.emplace_back(std::string(text));
  answers.erase(answers.begin());
  co_return given;
}

void LoginClient::give_up(const base::Failure& why) {
  given_up = why;
  answered_.cancel();
}

void LoginClient::on_output(std::string_view bytes) { output += bytes; }

bool LoginClient::read_until(const std::function<bool(const std::string&)>& so_far) {
  return run_until([&] { return so_far(output) || exit || failure; }) && so_far(output);
}

bool LoginClient::read_until_contains(const std::string& text) {
  return read_until([&](const std::string& all) { return all.find(text) != std::string::npos; });
}

bool LoginClient::run_to_the_end() {
  return run_until([&] { return exit.has_value() || failure.has_value(); });
}

protocol::Auth password(const std::string& text) {
  return protocol::PasswordAuth{base::Secret(std::string(text))};
}

protocol::Auth key(const std::string& text, const std::string& passphrase,
                   const std::string& certificate) {
  protocol::PublicKeyAuth auth;
  auth.key = base::Secret(std::string(text));
  auth.passphrase = base::Secret(std::string(passphrase));
  auth.certificate = certificate;
  return auth;
}

protocol::Auth interactive() { return protocol::InteractiveAuth{}; }

}  // namespace sallyport::ssh
