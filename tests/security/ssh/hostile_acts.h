#pragma once

#include <vector>

#include "support/rude_ssh_server.h"

namespace sallyport::support {

// What hostile SSH servers do, and when, and what may come of it.
enum class HostileEnd {
  kSentence,  // `error`, in a sentence
  kGoesOn,    // the session opens and echoes
  kEither,
};

struct HostileCase {
  const char* name;
  RudeSshServer::Moment moment;
  RudeSshServer::Act act;
  HostileEnd end;
  bool is_asked = false;  // the user signs in by questions
};

std::vector<HostileCase> hostile_cases();

}  // namespace sallyport::support
