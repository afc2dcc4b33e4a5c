#pragma once

#include <string>

#include "net/task.h"
#include "ssh/link.h"

namespace sallyport::session {

// The browser's side of a login: what it is told and what it is asked while the SSH connection
// waits.
class Conversation : public ssh::Questioner {
 public:
  // Who is held to account for this login (policy::client_key()); empty: not known.
  virtual const std::string& client() const = 0;
  virtual void progress(base::Stage stage) = 0;
  // Whether the user accepts an unknown host key; the prompt's id is set by whoever sends it. A
  // Failure ends the login.
  virtual net::Task<base::Result<bool>> confirm(protocol::HostKeyPrompt prompt) = 0;
};

}  // namespace sallyport::session
