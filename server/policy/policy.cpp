#include <algorithm>
#include <optional>

#include "policy/grant.h"
#include "policy/special_addresses.h"

namespace sallyport::policy {
namespace {

bool is_unspecified(const Address& address) {
  return address == Address{} || address == Address::v4({0, 0, 0, 0});
}

// A listener on every address is reached through any of loopback. (Its other addresses are the
// machine's interfaces: whoever wires the gateway names those as listeners too.)
bool is_own_listener(const std::vector<Endpoint>& listeners, const Endpoint& target) {
  return std::any_of(listeners.begin(), listeners.end(), [&](const Endpoint& listener) {
    if (listener.port != target.port) return false;
    return listener.address == target.address ||
           (is_unspecified(listener.address) && is_loopback(target.address));
  });
}

const Rule* first_match(const std::vector<Rule>& rules, const std::string& host,
                        const Endpoint& target) {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) {
    return rule.matches(host, target.address, target.port);
  });
  return found == rules.end() ? nullptr : &*found;
}

std::string quoted(const Rule& rule) { return "\"" + rule.text() + "\""; }

Verdict refused(std::string why) { return {false, std::move(why)}; }
Verdict allowed(std::string why) { return {true, std::move(why)}; }

}  // namespace

Policy::Policy(Rules rules, std::vector<Endpoint> own_listeners)
    : rules_(std::move(rules)), own_listeners_(std::move(own_listeners)) {}

// What refuses `target` whatever is allowed.
std::optional<Verdict> Policy::objection(const std::string& host, const Endpoint& target) const {
  if (const Rule* rule = first_match(rules_.deny, host, target)) {
    return refused("targets.deny has " + quoted(*rule));
  }
  if (const char* reason = never_a_target(target.address)) {
    return refused("never a target: " + std::string(reason));
  }
  if (is_own_listener(own_listeners_, target)) {
    return refused("never a target: the gateway itself listens there");
  }
  return std::nullopt;
}

Verdict Policy::judge(const std::string& host, const Endpoint& target, bool is_preset) const {
  if (auto verdict = objection(host, target)) return *verdict;
  for (const Address& inner : embedded_v4(target.address)) {
    const std::string stands_for = "it stands for " + inner.text() + ", and that is ";
    if (auto verdict = objection(host, {inner, target.port})) {
      return refused(stands_for + "refused: " + verdict->why);
    }
    if (is_loopback(inner)) return refused(stands_for + "loopback");
  }
  if (is_preset) return allowed("[[hosts]] names it");
  if (is_loopback(target.address)) {
    // This machine trusts what comes from itself, so "every host" does not mean it.
    for (const Rule& rule : rules_.allow) {
      if (rule.names_loopback() && rule.matches(host, target.address, target.port)) {
        return allowed("targets.allow has " + quoted(rule));
      }
    }
    return refused(
        "loopback, which is allowed only where it is named by address: in targets.allow, such as "
        "\"127.0.0.1:22\", or under [[hosts]]");
  }
  if (rules_.allow.empty()) return allowed("targets.allow is empty, so every host is allowed");
  if (const Rule* rule = first_match(rules_.allow, host, target)) {
    return allowed("targets.allow has " + quoted(*rule));
  }
  return refused("no rule of targets.allow matches it");
}

std::vector<Grant> Policy::decide(const std::string& host, unsigned port,
                                  const std::vector<Address>& addresses, bool is_preset) const {
  std::vector<Grant> grants;
  if (port < 1 || port > 65535) return grants;
  for (const Address& address : addresses) {
    const Endpoint target{address, port};
    if (judge(host, target, is_preset).allowed) grants.push_back(Grant(target));
  }
  return grants;
}

}  // namespace sallyport::policy
