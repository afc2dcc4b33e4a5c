#pragma once

#include <string>
#include <vector>

namespace sallyport::support {

// The name servers, as far as names of ".played" are concerned: this program's getaddrinfo(3) gives
// their answers, one after the other, and the last of them again and again.
void play_answers(const std::string& name, std::vector<std::vector<std::string>> answers);
// How often `name` was looked up since.
int lookups(const std::string& name);

}  // namespace sallyport::support
