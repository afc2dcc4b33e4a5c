#include "app/setting_groups.h"
#include "app/setting_kinds.h"

namespace sallyport::app::groups {
namespace {

using kinds::Outcome;
using kinds::Words;

Setting file(std::string key, std::filesystem::path net::TlsFiles::* member, std::string example,
             std::string sentence) {
  return {.key = std::move(key),
          .kind = Kind::kPath,
          .takes = "FILE",
          .example = std::move(example),
          .sentence = std::move(sentence),
          .default_words = "empty (plain HTTP)",
          .set = [member](Settings& settings, const Words& words) -> Outcome {
            if (words.front().empty()) return std::unexpected("must name a file");
            settings.tls.*member = words.front();
            return {};
          },
          .get = [member](const Settings& settings) -> Words {
            return {(settings.tls.*member).string()};
          }};
}

}  // namespace

std::vector<Setting> tls() {
  return {
      file("tls.certificate_file", &net::TlsFiles::certificate,
           "/etc/letsencrypt/live/ssh.example.org/fullchain.pem",
           "The certificate browsers are shown, in PEM, with those that signed it behind it. With "
           "it the gateway speaks TLS 1.2 and 1.3 itself, and nothing else on that port. It is "
           "read again when it changes and on SIGHUP; sessions go on."),
      file("tls.key_file", &net::TlsFiles::key, "/etc/letsencrypt/live/ssh.example.org/privkey.pem",
           "The certificate's private key, in PEM and without a passphrase."),
  };
}

}  // namespace sallyport::app::groups
