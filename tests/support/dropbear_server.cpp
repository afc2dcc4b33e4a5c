#include "dropbear_server.h"

#include "openssh_server.h"

namespace sallyport::support {

DropbearServer::DropbearServer(const std::vector<std::string>& authorized_keys)
    : port_(free_port()), key_(make_key(account_.folder(), "user_key")) {
  std::vector<std::string> keys = authorized_keys;
  keys.push_back(key_.public_line);
  account_.authorize(keys);
  const std::string folder = account_.folder().string();
  run_program({system_program("dropbearkey"), "-t", "ed25519", "-f", folder + "/host_key"});
  process_ = std::make_unique<ServerProcess>(
      account_.inside({system_program("dropbear"), "-F", "-E", "-p",
                       "127.0.0.1:" + std::to_string(port_), "-r", folder + "/host_key", "-P",
                       folder + "/pid"}),
      "Not backgrounding");
}

}  // namespace sallyport::support
