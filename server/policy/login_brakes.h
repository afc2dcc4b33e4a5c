#pragma once

#include <mutex>
#include <string>

#include "policy/brake.h"
#include "policy/grant.h"

namespace sallyport::policy {

// Who is held to account for what comes from `address`: an IPv4 address, or the /64 of an IPv6 one,
// which is the least that a network gives to one customer (RFC 6177).
std::string client_key(const Address& address);

struct LoginTry {
  std::string client;  // client_key(); empty: not known, as behind a proxy that is not listed
  Endpoint target;     // the address that would be dialled, so that no other name is a way around
  std::string username;
};

// The brakes on guessing: by client, by target, by account on a target. Who has not failed lately
// is not held up by what others did: a first try is free to any client, so that nobody can lock
// somebody else out. Where the client is not known, only the account's brake can tell. Thread safe.
class LoginBrakes {
 public:
  // A target is everybody's: it takes more before it is guarded.
  static constexpr unsigned kTargetFactor = 4;

  explicit LoginBrakes(const BrakeOptions& options);

  // 0: it may go on, and it is its turn. Otherwise how long to wait.
  std::chrono::milliseconds begin(const LoginTry& attempt, Clock::time_point now);
  // The host did not accept what was given.
  void failed(const LoginTry& attempt, Clock::time_point now);

 private:
  std::mutex mutex_;
  Brake clients_;
  Brake targets_;
  Brake accounts_;
};

}  // namespace sallyport::policy
