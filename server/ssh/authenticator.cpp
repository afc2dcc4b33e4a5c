#include "ssh/authenticator.h"

#include <libssh2.h>

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

#include "ssh/fiber.h"
#include "ssh/private_key.h"
#include "terminal/charset.h"

namespace sallyport::ssh {
namespace {

using base::Result;
using base::Secret;
using Outcome = Pump::Outcome;

// Bytes of a host's words that reach the page; RFC 4256 sets no limit.
constexpr std::size_t kMaxPromptText = 1024;
constexpr std::size_t kMaxInstruction = 4096;
constexpr std::size_t kMaxMethods = 256;
constexpr unsigned kMaxFurtherMethods = 5;  // a host that wants more of them than this is playing

constexpr std::string_view kPassword = "password";
constexpr std::string_view kPublicKey = "publickey";
constexpr std::string_view kInteractive = "keyboard-interactive";

std::unexpected<base::Failure> fail(base::Failure failure) {
  return std::unexpected(std::move(failure));
}

}  // namespace

bool Authenticator::offers(std::string_view method) const {
  std::string_view rest = methods_;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    if (rest.substr(0, comma) == method) return true;
    rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
  }
  return false;
}

base::Failure Authenticator::not_accepted(Credential credential) const {
  return base::failure::not_accepted(connection_.names().host, user(), credential,
                                     terminal::printable(methods_, kMaxMethods));
}

net::Task<Result<void>> Authenticator::list() {
  const Outcome outcome =
      co_await connection_.repeat([this] { return pump().list_methods(user(), methods_); });
  if (outcome != Outcome::kDone) co_return fail(failure());
  co_return Result<void>();
}

net::Task<Result<void>> Authenticator::run(protocol::Auth auth) {
  if (auto* key = std::get_if<protocol::PublicKeyAuth>(&auth)) {
    key->key = tidy_private_key(key->key.reveal());
    // Said before the host hears of it: an attempt costs one of the few it allows.
    const PrivateKeyText text = inspect_private_key(key->key.reveal());
    if (text.problem != PrivateKeyText::Problem::kNone)
      co_return fail(base::failure::key_unreadable(text.reason()));
    if (text.encrypted && key->passphrase.empty())
      co_return fail(base::failure::passphrase_needed());
  }
  const Result<void> listed = co_await list();
  if (!listed) co_return listed;
  if (pump().authenticated()) co_return Result<void>();  // the host wants nothing
  if (auto* password = std::get_if<protocol::PasswordAuth>(&auth)) {
    co_return co_await with_password(std::move(password->password));
  }
  if (auto* key = std::get_if<protocol::PublicKeyAuth>(&auth))
    co_return co_await with_key(std::move(*key));
  co_return co_await interactively();
}

net::Task<Result<void>> Authenticator::with_password(Secret password) {
  if (!offers(kPassword)) {
    if (!offers(kInteractive)) co_return fail(not_accepted(Credential::kPassword));
    given_ = std::move(password);
    const Tried tried = co_await try_interactive();
    if (!tried) co_return fail(tried.error());
    if (*tried) co_return Result<void>();
    co_return co_await go_on(kInteractive, Credential::kPassword);
  }
  {
    const Secret once = std::move(password);
    const Tried tried = co_await try_password(once);
    if (!tried) co_return fail(tried.error());
    if (*tried) co_return Result<void>();
  }
  co_return co_await go_on(kPassword, Credential::kPassword);
}

net::Task<Result<void>> Authenticator::with_key(protocol::PublicKeyAuth auth) {
  const Credential credential =
      auth.certificate.empty() ? Credential::kKey : Credential::kCertificate;
  if (!offers(kPublicKey)) co_return fail(not_accepted(credential));
  const bool encrypted = inspect_private_key(auth.key.reveal()).encrypted;
  Outcome outcome = Outcome::kWait;
  const auto step = [&] {
    return pump().public_key(user(), auth.key, auth.passphrase, auth.certificate);
  };
  while (outcome == Outcome::kWait) {
    // bcrypt takes a tenth of a second and more, and a signature as long as the user's numbers are
    // large. The worker has the pump alone meanwhile: nobody waits for the socket.
    connection_.set_busy(true);
    outcome = co_await workers_.run(step);
    connection_.set_busy(false);
    if (connection_.closed()) co_return fail(failure());
    if (outcome == Outcome::kWait && !co_await connection_.ready()) co_return fail(failure());
  }
  if (outcome == Outcome::kDone) co_return Result<void>();
  const bool host_is_gone = connection_.closed() || pump().disconnected() ||
                            pump().transport().end() != Transport::End::kNone;
  if (outcome == Outcome::kFailed && host_is_gone) co_return fail(failure());
  if (outcome == Outcome::kFailed) {
    // The key never left: libssh2 could not open or use it.
    if (pump().refused_sha1()) {
      co_return fail(base::failure::key_signature_too_old(connection_.names().host));
    }
    if (encrypted) co_return fail(base::failure::passphrase_wrong());
    const Pump::Error error = pump().error();
    const bool certificate =
        error.code == LIBSSH2_ERROR_METHOD_NONE || credential == Credential::kCertificate;
    co_return fail(base::failure::key_unreadable(
        certificate ? "the certificate does not go with it, or the host takes no such signature"
                    : terminal::printable(error.text, kMaxMethods)));
  }
  auth = {};  // wiped before anything else is asked
  co_return co_await go_on(kPublicKey, credential);
}

net::Task<Result<void>> Authenticator::interactively() {
  if (offers(kInteractive)) {
    const Tried tried = co_await try_interactive();
    if (!tried) co_return fail(tried.error());
    if (*tried) co_return Result<void>();
    co_return co_await go_on(kInteractive, Credential::kAnswers);
  }
  if (!offers(kPassword)) co_return fail(not_accepted(Credential::kAnswers));
  const Tried tried = co_await ask_for_password();
  if (!tried) co_return fail(tried.error());
  if (*tried) co_return Result<void>();
  co_return co_await go_on(kPassword, Credential::kPassword);
}

// RFC 4252, section 5.1, has a flag "partial success" that libssh2 keeps to itself. It shows all
// the same: what the host offers next no longer names the method that it was content with.
net::Task<Result<void>> Authenticator::go_on(std::string_view tried, Credential credential) {
  for (unsigned i = 0; i < kMaxFurtherMethods; ++i) {
    const std::string before = methods_;
    const Result<void> listed = co_await list();
    if (!listed) {
      // A host that hangs up after a refusal has said what there was to say.
      if (connection_.closed() || !pump().disconnected()) co_return listed;
      methods_ = before;
      co_return fail(not_accepted(credential));
    }
    if (pump().authenticated()) co_return Result<void>();
    if (offers(tried)) co_return fail(not_accepted(credential));
    if (!offers(kInteractive) && !offers(kPassword)) co_return fail(not_accepted(credential));
    const bool by_questions = offers(kInteractive);
    net::Task<Tried> attempt = by_questions ? try_interactive() : ask_for_password();
    const Tried next = co_await std::move(attempt);
    if (!next) co_return fail(next.error());
    if (*next) co_return Result<void>();
    tried = by_questions ? kInteractive : kPassword;
    credential = by_questions ? Credential::kAnswers : Credential::kPassword;
  }
  co_return fail(not_accepted(credential));
}

net::Task<Authenticator::Tried> Authenticator::try_password(const Secret& password) {
  return in_fiber(
      [this, &password](Answerer& change) { return pump().password(user(), password, change); });
}

net::Task<Authenticator::Tried> Authenticator::try_interactive() {
  return in_fiber([this](Answerer& answerer) { return pump().interactive(user(), answerer); });
}

net::Task<Authenticator::Tried> Authenticator::ask_for_password() {
  protocol::QuestionsPrompt prompt;
  prompt.questions = {{user() + "@" + connection_.names().host + "'s password: ", false}};
  Result<std::vector<Secret>> answers = co_await ask(std::move(prompt));
  if (!answers) co_return fail(answers.error());
  if (answers->empty()) co_return fail(base::failure::internal_error());
  const Secret password = std::move(answers->front());
  co_return co_await try_password(password);
}

net::Task<Authenticator::Tried> Authenticator::in_fiber(std::function<Outcome(Answerer&)> step) {
  Outcome outcome = Outcome::kWait;
  const Challenge* challenge = nullptr;
  Answers answers;
  bool give_up = false;
  Fiber* self = nullptr;
  Answerer answerer = [&](const Challenge& asked) -> Answers {
    challenge = &asked;
    if (!give_up) self->wait();
    challenge = nullptr;
    return std::exchange(answers, std::nullopt);
  };
  Fiber fiber([&] {
    while (!give_up) {
      outcome = step(answerer);
      if (outcome != Outcome::kWait) return;
      self->wait();
    }
  });
  self = &fiber;
  // However this coroutine ends, libssh2's call is let run to its own end, without a stream to send
  // on.
  struct LetEnd {
    Fiber& fiber;
    bool& give_up;
    Answers& answers;
    Pump& pump;
    ~LetEnd() {
      if (fiber.done()) return;
      give_up = true;
      answers.reset();
      pump.cut();
      while (!fiber.done()) fiber.resume();
    }
  } let_end{fiber, give_up, answers, pump()};

  for (;;) {
    fiber.resume();
    if (fiber.done()) break;
    if (challenge) {
      Result<std::vector<Secret>> given = co_await answers_to(*challenge);
      if (!given) co_return fail(std::move(given.error()));
      answers = std::move(*given);
    } else if (!co_await connection_.ready()) {
      co_return fail(failure());
    }
  }
  if (outcome == Outcome::kDone) co_return true;
  if (outcome == Outcome::kRefused) co_return false;
  if (pump().error().code == LIBSSH2_ERROR_OUT_OF_BOUNDARY && !pump().disconnected()) {
    // libssh2 has a limit of its own, 100 questions a round.
    co_return fail(base::failure::too_many_prompts(connection_.names().host, kMaxQuestions));
  }
  co_return fail(failure());
}

net::Task<Result<std::vector<Secret>>> Authenticator::answers_to(const Challenge& challenge) {
  if (++rounds_ > kMaxRounds)
    co_return fail(base::failure::too_many_prompts(connection_.names().host, kMaxRounds));
  if (challenge.questions.size() > kMaxQuestions) {
    co_return fail(base::failure::too_many_prompts(connection_.names().host, kMaxQuestions));
  }
  protocol::QuestionsPrompt prompt;
  prompt.name = terminal::printable(challenge.name, kMaxPromptText);
  prompt.instruction = terminal::printable(challenge.instruction, kMaxInstruction);
  for (const Challenge::Question& question : challenge.questions) {
    prompt.questions.push_back({terminal::printable(question.text, kMaxPromptText), question.echo});
  }
  // A round without questions may still say something (RFC 4256, section 3.2).
  if (prompt.questions.empty() && prompt.name.empty() && prompt.instruction.empty())
    co_return std::vector<Secret>();
  if (!given_.empty() && prompt.questions.size() == 1 && !prompt.questions.front().echo) {
    std::vector<Secret> answer;
    answer.push_back(std::exchange(given_, Secret()));
    co_return answer;
  }
  co_return co_await ask(std::move(prompt));
}

net::Task<Result<std::vector<Secret>>> Authenticator::ask(protocol::QuestionsPrompt prompt) {
  const std::size_t count = prompt.questions.size();
  bool hung_up = false;
  connection_.pause_clock();
  connection_.watch([&] {
    hung_up = true;
    questioner_.give_up(failure());
  });
  Result<std::vector<Secret>> answers = co_await questioner_.ask(std::move(prompt));
  connection_.stop_watching();
  connection_.go_on_clock();
  if (hung_up || connection_.closed()) co_return fail(failure());
  if (answers && answers->size() != count) co_return fail(base::failure::internal_error());
  co_return answers;
}

}  // namespace sallyport::ssh
