#include "app/setting_groups.h"
#include "app/setting_kinds.h"

namespace sallyport::app::groups {

std::vector<Setting> targets() {
  using namespace kinds;
  return {
      rules(
          "targets.allow", &policy::Rules::allow, "10.0.0.0/8,*.corp.example:22",
          "The hosts users may reach: CIDR networks, addresses or name patterns, each with an "
          "optional :PORT. Empty allows every host that no other rule refuses. This machine itself "
          "is "
          "allowed only where an address names it, such as 127.0.0.1:22, or [[hosts]] does, whose "
          "hosts are always allowed. Names are what a user types; addresses are what is dialled, "
          "so "
          "write those where you can. sallyport explain HOST says which rule decides.",
          "empty (any host but this machine)"),
      rules("targets.deny", &policy::Rules::deny, "10.9.0.0/16,db-*.corp.example",
            "The hosts users may not reach; wins over targets.allow and [[hosts]]. Write "
            "networks: a name is denied only as it is written here. Cloud metadata services, "
            "link-local, multicast and broadcast addresses and the gateway itself are refused "
            "without "
            "being named.",
            "empty"),
  };
}

}  // namespace sallyport::app::groups
