#include "policy/login_brakes.h"

#include <algorithm>

namespace sallyport::policy {
namespace {

constexpr std::size_t kCustomerBytes = 8;  // a /64

BrakeOptions for_targets(BrakeOptions options) {
  options.free *= LoginBrakes::kTargetFactor;
  return options;
}

std::string target_key(const LoginTry& attempt) {
  return attempt.target.address.text() + " " + std::to_string(attempt.target.port);
}

std::string account_key(const LoginTry& attempt) {
  return target_key(attempt) + " " + attempt.username;
}

}  // namespace

std::string client_key(const Address& address) {
  if (address.is_v4()) return address.text();
  Address network = address;
  std::fill(network.bytes.begin() + kCustomerBytes, network.bytes.end(), std::uint8_t{0});
  return network.text() + "/64";
}

LoginBrakes::LoginBrakes(const BrakeOptions& options)
    : clients_(options), targets_(for_targets(options)), accounts_(options) {}

std::chrono::milliseconds LoginBrakes::begin(const LoginTry& attempt, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const bool known = !attempt.client.empty();
  if (known && clients_.clean(attempt.client, now)) return std::chrono::milliseconds(0);
  const std::string target = target_key(attempt);
  const std::string account = account_key(attempt);
  auto wait = accounts_.wait(account, now);
  if (known) {
    wait = std::max({wait, clients_.wait(attempt.client, now), targets_.wait(target, now)});
  }
  if (wait.count() > 0) return wait;
  accounts_.begin(account, now);
  if (known) {
    clients_.begin(attempt.client, now);
    targets_.begin(target, now);
  }
  return wait;
}

void LoginBrakes::failed(const LoginTry& attempt, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  accounts_.failed(account_key(attempt), now);
  targets_.failed(target_key(attempt), now);
  if (!attempt.client.empty()) clients_.failed(attempt.client, now);
}

}  // namespace sallyport::policy
