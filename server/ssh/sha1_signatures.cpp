#include "ssh/sha1_signatures.h"

#include <cstddef>

namespace {

// None outside a Sha1Signatures.
thread_local bool is_allowed = false;
thread_local bool was_refused = false;

}  // namespace

// libssh2's own (src/crypto.h), and what is called in its place: --wrap in CMakeLists.txt.
extern "C" int real_rsa_sha1_sign(
    void* session, void* key, const unsigned char* hash, std::size_t hash_length,
    unsigned char** signature,
    std::size_t* signature_length) __asm__("__real__libssh2_rsa_sha1_sign");
extern "C" int wrapped_rsa_sha1_sign(
    void* session, void* key, const unsigned char* hash, std::size_t hash_length,
    unsigned char** signature,
    std::size_t* signature_length) __asm__("__wrap__libssh2_rsa_sha1_sign");

extern "C" int wrapped_rsa_sha1_sign(void* session, void* key, const unsigned char* hash,
                                     std::size_t hash_length, unsigned char** signature,
                                     std::size_t* signature_length) {
  was_refused = was_refused || !is_allowed;
  if (!is_allowed) return -1;
  return real_rsa_sha1_sign(session, key, hash, hash_length, signature, signature_length);
}

namespace sallyport::ssh {

Sha1Signatures::Sha1Signatures(bool allowed) {
  is_allowed = allowed;
  was_refused = false;
}
Sha1Signatures::~Sha1Signatures() { is_allowed = false; }
bool Sha1Signatures::refused() const { return was_refused; }

}  // namespace sallyport::ssh
