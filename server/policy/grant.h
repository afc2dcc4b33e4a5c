#pragma once

#include <optional>
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

// What becomes of one address, and the rule that decides it, as the end of a sentence:
// `targets.allow has "10.0.0.0/8"`.
struct Verdict {
  bool allowed = false;
  std::string why;
};

// The gateway's decision: deny rules, then what is never a target (metadata, link-local, multicast,
// unspecified, the gateway's own listeners), then loopback, which only a rule that names it or a
// preset allows, then allow rules. Immutable; shared by all threads.
class Policy {
 public:
  Policy(Rules rules, std::vector<Endpoint> own_listeners);
  // Grants for those of `addresses` that may be dialled, in order. Empty: none may.
  // `is_preset`: the administrator named this host in [[hosts]], which counts as an allow rule.
  std::vector<Grant> decide(const std::string& host, unsigned port,
                            const std::vector<Address>& addresses, bool is_preset) const;
  // The same for one address, for people. It permits nothing: only a Grant does.
  Verdict judge(const std::string& host, const Endpoint& target, bool is_preset) const;

 private:
  std::optional<Verdict> objection(const std::string& host, const Endpoint& target) const;

  Rules rules_;
  std::vector<Endpoint> own_listeners_;
};

}  // namespace sallyport::policy
