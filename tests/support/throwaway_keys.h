#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::support {

// A folder that goes when this does.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string read_file(const std::filesystem::path& file);
void write_file(const std::filesystem::path& file, const std::string& text, unsigned mode = 0600);

// A key pair made by ssh-keygen for one test.
struct KeyPair {
  std::filesystem::path file;  // the private key's; the public one's has ".pub" behind it
  std::string private_key;
  std::string public_line;
};

struct KeyWish {
  std::string type = "ed25519";  // "ed25519", "ecdsa", "rsa"
  unsigned bits = 0;             // 0: ssh-keygen's own choice
  std::string format = {};       // "": OpenSSH; "PEM", "PKCS8"
  std::string passphrase = {};
};

inline KeyWish key_of_type(std::string type) {
  KeyWish wish;
  wish.type = std::move(type);
  return wish;
}

// Throws std::runtime_error with what ssh-keygen said.
KeyPair make_key(const std::filesystem::path& folder, const std::string& name,
                 const KeyWish& wish = {});
// Signs `key` with `authority` for `principal`: the line of the certificate.
std::string make_certificate(const KeyPair& authority, const KeyPair& key,
                             const std::string& principal);

// Runs a program without a shell and waits for its end; its output when it succeeded, else
// std::runtime_error.
std::string run_program(const std::vector<std::string>& arguments);

}  // namespace sallyport::support
