#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace sallyport::policy {

// How many there are of something, in all and by client, and that there are no more than the
// limits. Thread safe; its memory is that of the places taken.
class Headcount {
 public:
  // `client` in client_key()'s words; empty: not known, so only the limit in all counts.
  Headcount(std::size_t in_all, std::size_t by_client);

  // Given back when the last copy goes, also after the Headcount.
  using Place = std::shared_ptr<const void>;
  enum class Full { kNo, kInAll, kOfClient };
  struct Taken {
    Place place;  // null where it is full
    Full full = Full::kNo;
  };
  Taken take(const std::string& client);

  std::size_t size() const;
  std::size_t limit() const;
  std::size_t limit_by_client() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace sallyport::policy
