#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"

namespace sallyport::ssh {

// What a host asks in the middle of a login (RFC 4256, section 3.2), as it sent it: nothing here is
// fit to be shown yet.
struct Challenge {
  struct Question {
    std::string text;
    bool echo = false;
  };
  std::string name;
  std::string instruction;
  std::vector<Question> questions;
};

// As many as there were questions; nothing: the login is given up.
using Answers = std::optional<std::vector<base::Secret>>;
using Answerer = std::function<Answers(const Challenge&)>;

}  // namespace sallyport::ssh
