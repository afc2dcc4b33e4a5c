#include "ssh/callbacks.h"

#include <libssh2.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>

#include "ssh/new_password.h"

namespace sallyport::ssh {
namespace {

constexpr std::size_t kMaxGoodbye = 1024;           // bytes kept of what a host says at the end
constexpr long kNoTimeoutOfItsOwn = 7 * 24 * 3600;  // seconds: every stage has a deadline of ours

CallbackContext& context_of(void** abstract) { return *static_cast<CallbackContext*>(*abstract); }

void* on_alloc(std::size_t bytes, void** abstract) {
  return context_of(abstract).memory.allocate(bytes);
}
void on_free(void* block, void** abstract) { context_of(abstract).memory.release(block); }
void* on_realloc(void* block, std::size_t bytes, void** abstract) {
  return context_of(abstract).memory.resize(block, bytes);
}

ssize_t on_send(libssh2_socket_t, const void* data, std::size_t size, int, void** abstract) {
  return context_of(abstract).transport->send(static_cast<const char*>(data), size);
}
ssize_t on_recv(libssh2_socket_t, void* data, std::size_t size, int, void** abstract) {
  return context_of(abstract).transport->recv(static_cast<char*>(data), size);
}

void on_disconnect(LIBSSH2_SESSION*, int, const char* message, int length, const char*, int,
                   void** abstract) {
  CallbackContext& context = context_of(abstract);
  context.disconnected = true;
  if (message && length > 0) {
    context.goodbye.assign(message, std::min(static_cast<std::size_t>(length), kMaxGoodbye));
  }
}

std::string text_of(const void* bytes, std::size_t length) {
  return bytes ? std::string(static_cast<const char*>(bytes), length) : std::string();
}

// Secrets go into libssh2's own memory, which it frees, and that wipes them.
char* handed_over(Memory& memory, const base::Secret& secret, std::size_t& length) {
  const std::string_view bytes = secret.reveal();
  char* copy = static_cast<char*>(memory.allocate(bytes.size() + 1));
  length = copy ? bytes.size() : 0;
  if (copy) {
    std::memcpy(copy, bytes.data(), bytes.size());
    copy[bytes.size()] = '\0';
  }
  return copy;
}

template <class Function>
libssh2_cb_generic* generic(Function* function) {
  return reinterpret_cast<libssh2_cb_generic*>(function);
}

}  // namespace

namespace callbacks {

void on_interactive(const char* name, int name_length, const char* instruction,
                    int instruction_length, int count,
                    const LIBSSH2_USERAUTH_KBDINT_PROMPT* prompts,
                    LIBSSH2_USERAUTH_KBDINT_RESPONSE* responses, void** abstract) {
  CallbackContext& context = context_of(abstract);
  Challenge challenge;
  challenge.name = text_of(name, static_cast<std::size_t>(std::max(name_length, 0)));
  challenge.instruction =
      text_of(instruction, static_cast<std::size_t>(std::max(instruction_length, 0)));
  for (int i = 0; i < count; ++i) {
    challenge.questions.push_back(
        {text_of(prompts[i].text, prompts[i].length), prompts[i].echo != 0});
  }
  const Answers answers = context.answerer ? (*context.answerer)(challenge) : std::nullopt;
  if (!answers) {
    context.transport->cut();  // or libssh2 would send empty answers
    return;
  }
  for (std::size_t i = 0; i < challenge.questions.size() && i < answers->size(); ++i) {
    std::size_t length = 0;
    responses[i].text = handed_over(context.memory, (*answers)[i], length);
    responses[i].length = static_cast<unsigned>(length);
  }
}

void on_password_change(LIBSSH2_SESSION*, char** password, int* length, void** abstract) {
  CallbackContext& context = context_of(abstract);
  const auto chosen = context.answerer ? ask_new_password(*context.answerer) : std::nullopt;
  if (!chosen) {
    context.transport->cut();
    return;
  }
  std::size_t bytes = 0;
  *password = handed_over(context.memory, *chosen, bytes);
  *length = static_cast<int>(bytes);
}

}  // namespace callbacks

LIBSSH2_SESSION* open_session(CallbackContext& context) {
  static const int started = libssh2_init(0);
  if (started != 0) throw std::runtime_error("libssh2 could not be started");
  LIBSSH2_SESSION* session = libssh2_session_init_ex(on_alloc, on_free, on_realloc, &context);
  if (!session) throw std::bad_alloc();
  Memory::give_back_zeros(session);
  libssh2_session_set_blocking(session, 0);
  libssh2_session_set_read_timeout(session, kNoTimeoutOfItsOwn);
  libssh2_session_callback_set2(session, LIBSSH2_CALLBACK_SEND, generic(on_send));
  libssh2_session_callback_set2(session, LIBSSH2_CALLBACK_RECV, generic(on_recv));
  libssh2_session_callback_set2(session, LIBSSH2_CALLBACK_DISCONNECT, generic(on_disconnect));
  return session;
}

void close_session(CallbackContext& context, LIBSSH2_SESSION* session) {
  // Cut, so that freeing the channel need not wait for the host: a dead stream is never "not now".
  context.transport->cut();
  for (int tries = 0; tries < 16 && libssh2_session_free(session) == LIBSSH2_ERROR_EAGAIN;
       ++tries) {
  }
}

}  // namespace sallyport::ssh
