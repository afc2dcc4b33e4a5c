#include "app/setting_groups.h"
#include "app/setting_kinds.h"

namespace sallyport::app::groups {

std::vector<Setting> targets() {
  using namespace kinds;
  return {
      rules(
          "targets.allow", &policy::Rules::allow, "10.0.0.0/8,*.corp.example:22",
          "The hosts users may reach: CIDR networks, addresses or name patterns, each with an "
          "optional :PORT. Empty allows every host that no other rule refuses, this machine itself "
          "included. Hosts under [[hosts]] are always allowed.",
          "empty (any host)"),
      rules(
          "targets.deny", &policy::Rules::deny, "10.9.0.0/16,db-*.corp.example",
          "The hosts users may not reach; wins over targets.allow and [[hosts]]. Cloud metadata "
          "services, link-local addresses and the gateway itself are refused without being named.",
          "empty"),
  };
}

}  // namespace sallyport::app::groups
