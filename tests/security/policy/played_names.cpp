#include "played_names.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>

#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <string_view>

namespace {

struct Played {
  std::deque<std::vector<std::string>> answers;
  int lookups = 0;
};

std::mutex mutex;
std::map<std::string, Played> names;

// Null: not one of ours.
const std::vector<std::string>* answer_of(const std::string& name) {
  const auto found = names.find(name);
  if (found == names.end()) return nullptr;
  auto& [answers, lookups] = found->second;
  if (lookups++ > 0 && answers.size() > 1) answers.pop_front();
  return &answers.front();
}

using Resolve = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

Resolve real_getaddrinfo() {
  static const auto real = reinterpret_cast<Resolve>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return real;
}

}  // namespace

// The real one makes each address of a list, so that freeaddrinfo(3) can free it.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  if (node == nullptr || !std::string_view(node).ends_with(".played")) {
    return real_getaddrinfo()(node, service, hints, found);
  }
  const std::lock_guard lock(mutex);
  const auto* answer = answer_of(node);
  if (answer == nullptr) return EAI_NONAME;
  addrinfo* first = nullptr;
  for (auto address = answer->rbegin(); address != answer->rend(); ++address) {
    addrinfo* one = nullptr;
    if (const int failed = real_getaddrinfo()(address->c_str(), service, hints, &one))
      return failed;
    addrinfo* last = one;
    while (last->ai_next) last = last->ai_next;
    last->ai_next = first;
    first = one;
  }
  *found = first;
  return 0;
}

namespace sallyport::support {

void play_answers(const std::string& name, std::vector<std::vector<std::string>> answers) {
  const std::lock_guard lock(mutex);
  names[name] = {{answers.begin(), answers.end()}, 0};
}

int lookups(const std::string& name) {
  const std::lock_guard lock(mutex);
  return names[name].lookups;
}

}  // namespace sallyport::support
