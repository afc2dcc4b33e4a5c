#pragma once

#include <string>
#include <string_view>

namespace sallyport::base {

// A credential: a password, a passphrase, a private key, an answer to a prompt, an attach token.
// It cannot be copied, printed or compared by accident, and it wipes its bytes when it goes.
// reveal() is the one way to the bytes; grep for it to see every place a secret is used.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string bytes);
  // Wipes `bytes` in place after taking them: for buffers that a parser still owns.
  static Secret take(std::string& bytes);

  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  std::string_view reveal() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }
  // Constant time in the content (not in the length).
  bool equals(std::string_view other) const;
  // A second holder, said out loud: for a password that may also answer a prompt.
  Secret duplicate() const;

 private:
  std::string bytes_;
};

// Overwrites the bytes so that the compiler cannot leave it out.
void wipe(std::string& bytes);

}  // namespace sallyport::base
