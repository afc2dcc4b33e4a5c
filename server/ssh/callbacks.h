#pragma once

#include <string>

#include "ssh/challenge.h"
#include "ssh/memory.h"
#include "ssh/transport.h"

struct _LIBSSH2_SESSION;

namespace sallyport::ssh {

// What libssh2 reaches when it calls back: its memory, its stream, and whoever answers what the
// host asks.
struct CallbackContext {
  Memory memory;
  Transport* transport = nullptr;
  Answerer* answerer = nullptr;  // during a step that may ask
  std::string goodbye;  // the text of the host's SSH_MSG_DISCONNECT (RFC 4253, section 11.1)
  bool disconnected = false;
};

// A non-blocking libssh2 session that uses `context`, which must outlive it. Throws std::bad_alloc.
_LIBSSH2_SESSION* open_session(CallbackContext& context);
// Cuts the transport and frees the session and its channels.
void close_session(CallbackContext& context, _LIBSSH2_SESSION* session);

// Calls back with the challenge of a keyboard-interactive round and of a password change.
namespace callbacks {
void on_interactive(const char* name, int name_length, const char* instruction,
                    int instruction_length, int count,
                    const struct _LIBSSH2_USERAUTH_KBDINT_PROMPT* prompts,
                    struct _LIBSSH2_USERAUTH_KBDINT_RESPONSE* responses, void** abstract);
void on_password_change(_LIBSSH2_SESSION* session, char** password, int* length, void** abstract);
}  // namespace callbacks

}  // namespace sallyport::ssh
