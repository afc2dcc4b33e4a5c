#include "gateway_session.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace sallyport::bench {

using nlohmann::json;

std::string open_frame(const Target& target) {
  json auth = {{"method", "password"}, {"password", target.password}};
  if (!target.identity_file.empty()) {
    std::ifstream key(target.identity_file);
    auth = {{"method", "publickey"},
            {"key", std::string((std::istreambuf_iterator<char>(key)), {})}};
  }
  return json{
      {"type", "open"}, {"host", target.host}, {"port", target.port}, {"username", target.username},
      {"auth", auth},   {"cols", 80},          {"rows", 24}}
      .dump();
}

bool is_opened(std::string_view frame) {
  const auto fields = json::parse(frame);
  const auto type = fields.at("type").get<std::string>();
  if (type == "opened") return true;
  if (type == "progress") return false;
  throw std::runtime_error("gateway: " + fields.value("message", std::string(frame)));
}

}  // namespace sallyport::bench
