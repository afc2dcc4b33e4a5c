#pragma once

#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "policy/rules.h"

namespace sallyport::policy {

struct Endpoint {
  Address address;
  unsigned port = 0;
  bool operator==(const Endpoint&) const = default;
};

// Permission to dial one resolved address. Only decide() can make one, and the dialer takes nothing
// else: the address that was checked is the address that is dialled.
class Grant {
 public:
  const Endpoint& endpoint() const { return endpoint_; }

 private:
  friend class Policy;
  explicit Grant(Endpoint endpoint) : endpoint_(endpoint) {}
  Endpoint endpoint_;
};

// The gateway's decision: deny rules, then what is never a target (metadata, link-local, multicast,
// unspecified, the gateway's own listener), then allow rules. Immutable; shared by all threads.
class Policy {
 public:
  Policy(Rules rules, std::vector<Endpoint> own_listeners);
  // Grants for those of `addresses` that may be dialled, in order. Empty: none may.
  // `is_preset`: the administrator named this host in [[hosts]], which counts as an allow rule.
  std::vector<Grant> decide(const std::string& host, unsigned port,
                            const std::vector<Address>& addresses, bool is_preset) const;

 private:
  bool allows(const std::string& host, const Endpoint& target, bool is_preset) const;

  Rules rules_;
  std::vector<Endpoint> own_listeners_;
};

}  // namespace sallyport::policy
