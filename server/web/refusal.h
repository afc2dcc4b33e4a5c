#pragma once

#include <string>
#include <string_view>

namespace sallyport::web {

// Why a request is not answered as asked.
struct Refusal {
  unsigned status = 400;
  std::string_view reason;    // for the log: kebab-case, stable
  std::string_view sentence;  // for people; never quotes what the peer sent
};

}  // namespace sallyport::web
