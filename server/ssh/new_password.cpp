#include "ssh/new_password.h"

#include <utility>

namespace sallyport::ssh {
namespace {

constexpr int kTries = 3;  // as many as passwd(1) gives

}  // namespace

std::optional<base::Secret> ask_new_password(const Answerer& answerer) {
  Challenge challenge;
  challenge.instruction = "The password has expired.";
  challenge.questions = {{"New password: ", false}, {"New password again: ", false}};
  for (int tries = 0; tries < kTries; ++tries) {
    Answers answers = answerer(challenge);
    if (!answers || answers->size() != challenge.questions.size()) return std::nullopt;
    base::Secret& chosen = answers->front();
    if (!chosen.empty() && chosen.equals(answers->back().reveal())) return std::move(chosen);
    challenge.instruction = chosen.empty() ? "The new password may not be empty."
                                           : "The two were not the same. Please type them again.";
  }
  return std::nullopt;
}

}  // namespace sallyport::ssh
