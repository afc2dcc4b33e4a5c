#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "net/task.h"
#include "net/workers.h"
#include "protocol/frames.h"
#include "ssh/connection.h"
#include "ssh/link.h"

namespace sallyport::ssh {

// One login (RFC 4252): asks what the host offers, tries what the user gave, and goes on with
// keyboard-interactive or a password for whatever the host wants beyond that.
class Authenticator {
 public:
  static constexpr unsigned kMaxRounds = 20;     // prompts of one login
  static constexpr unsigned kMaxQuestions = 20;  // of one round

  Authenticator(Connection& connection, Questioner& questioner, net::Workers& workers)
      : connection_(connection), questioner_(questioner), workers_(workers) {}

  net::Task<base::Result<void>> run(protocol::Auth auth);

 private:
  using Credential = base::failure::Credential;
  // An outcome of ours: signed in, refused (and the host lives on), or a Failure.
  using Tried = base::Result<bool>;

  net::Task<base::Result<void>> list();
  net::Task<base::Result<void>> with_password(base::Secret password);
  net::Task<base::Result<void>> with_key(protocol::PublicKeyAuth auth);
  net::Task<base::Result<void>> interactively();
  // Goes on after a first method: `tried` was refused, or was one of several that the host wants.
  net::Task<base::Result<void>> go_on(std::string_view tried, Credential credential);

  net::Task<Tried> try_password(const base::Secret& password);
  net::Task<Tried> try_interactive();
  net::Task<Tried> ask_for_password();
  net::Task<Tried> in_fiber(std::function<Pump::Outcome(Answerer&)> step);
  net::Task<base::Result<std::vector<base::Secret>>> answers_to(const Challenge& challenge);
  net::Task<base::Result<std::vector<base::Secret>>> ask(protocol::QuestionsPrompt prompt);

  bool offers(std::string_view method) const;
  base::Failure not_accepted(Credential credential) const;
  base::Failure failure() const { return connection_.failure(base::Stage::kAuthenticate); }
  Pump& pump() { return connection_.pump(); }
  const std::string& user() const { return connection_.names().username; }

  Connection& connection_;
  Questioner& questioner_;
  net::Workers& workers_;
  std::string methods_;  // what the host offers now, comma separated
  base::Secret given_;   // a password that answers the first question nobody may see
  unsigned rounds_ = 0;
};

}  // namespace sallyport::ssh
