#include "ssh/pkcs8.h"

#include <openssl/asn1t.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <limits>
#include <memory>

namespace sallyport::ssh {
namespace {

constexpr std::uint64_t kTooMany = std::numeric_limits<std::uint64_t>::max();

template <class Structure>
using Owned = std::unique_ptr<Structure, void (*)(Structure*)>;

// A SEQUENCE among an algorithm's parameters; null when it is none of this kind.
template <class Structure>
Owned<Structure> parameters(const X509_ALGOR* algorithm, const ASN1_ITEM* item,
                            void (*release)(Structure*)) {
  const ASN1_OBJECT* object = nullptr;
  int type = V_ASN1_UNDEF;
  const void* value = nullptr;
  X509_ALGOR_get0(&object, &type, &value, algorithm);
  if (type != V_ASN1_SEQUENCE) return {nullptr, release};
  const auto* sequence = static_cast<const ASN1_STRING*>(value);
  return {static_cast<Structure*>(ASN1_item_unpack(sequence, item)), release};
}

int kind_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  return OBJ_obj2nid(object);
}

// What does not fit 64 bits, or is negative, is more than anybody can mean.
std::uint64_t number(const ASN1_INTEGER* integer) {
  std::uint64_t value = 0;
  return integer && ASN1_INTEGER_get_uint64(&value, integer) == 1 ? value : kTooMany;
}

std::uint64_t product(std::uint64_t a, std::uint64_t b) {
  return a != 0 && b > kTooMany / a ? kTooMany : a * b;
}

std::optional<std::uint64_t> hashings_of(const X509_ALGOR* derivation) {
  switch (kind_of(derivation)) {
    case NID_id_pbkdf2: {
      const auto pbkdf2 =
          parameters<PBKDF2PARAM>(derivation, ASN1_ITEM_rptr(PBKDF2PARAM), PBKDF2PARAM_free);
      if (!pbkdf2) return std::nullopt;
      return number(pbkdf2->iter);
    }
    case NID_id_scrypt: {
      const auto scrypt =
          parameters<SCRYPT_PARAMS>(derivation, ASN1_ITEM_rptr(SCRYPT_PARAMS), SCRYPT_PARAMS_free);
      if (!scrypt) return std::nullopt;
      return product(product(number(scrypt->costParameter), number(scrypt->blockSize)),
                     number(scrypt->parallelizationParameter));
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::uint64_t> pkcs8_hashings(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = at + der.size();
  const Owned<X509_SIG> whole(d2i_X509_SIG(nullptr, &at, static_cast<long>(der.size())),
                              X509_SIG_free);
  if (!whole || at != end) return std::nullopt;
  const X509_ALGOR* encryption = nullptr;
  X509_SIG_get0(whole.get(), &encryption, nullptr);
  if (kind_of(encryption) == NID_pbes2) {
    const auto scheme =
        parameters<PBE2PARAM>(encryption, ASN1_ITEM_rptr(PBE2PARAM), PBE2PARAM_free);
    if (!scheme) return std::nullopt;
    return hashings_of(scheme->keyfunc);
  }
  // PBES1 and PKCS #12's own (RFC 7292, appendix B) have the same two parameters.
  const auto old = parameters<PBEPARAM>(encryption, ASN1_ITEM_rptr(PBEPARAM), PBEPARAM_free);
  if (!old) return std::nullopt;
  return number(old->iter);
}

}  // namespace sallyport::ssh
