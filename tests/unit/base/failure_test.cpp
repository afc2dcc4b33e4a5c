#include "base/failure.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <vector>

namespace sallyport::base {
namespace {

using failure::Credential;

constexpr const char* kHost = "db-3.corp";
constexpr const char* kOld = "SHA256:uNiVztksCsDhcc0u9e8BrPpTqEdsaGmNxEtPRqKmSYQ";
constexpr const char* kNew = "SHA256:AAAAztksCsDhcc0u9e8BrPpTqEdsaGmNxEtPRqKmSYQ";

// One of each, with the values docs/failures.md uses as examples.
std::vector<Failure> one_of_each() {
  return {
      failure::not_allowed("10.0.0.5", 23),
      failure::unknown_preset("demo"),
      failure::too_many_sessions(100),
      failure::not_found(kHost),
      failure::resolve_timeout(kHost, 10),
      failure::refused(kHost, 22),
      failure::connect_timeout(kHost, 22, 10),
      failure::unreachable(kHost, 22, "No route to host"),
      failure::handshake_timeout(kHost, 22, 15),
      failure::not_ssh(kHost, 22),
      failure::no_common_algorithm(kHost, "key exchange", "diffie-hellman-group1-sha1",
                                   "curve25519-sha256,ecdh-sha2-nistp256", false),
      failure::handshake_failed(kHost, "bad signature"),
      failure::host_key_changed(kHost, kOld, kNew),
      failure::host_key_unknown(kHost, kNew),
      failure::host_key_declined(kHost),
      failure::host_key_revoked(kHost, kNew),
      failure::host_key_not_saved(kHost, "Permission denied"),
      failure::host_keys_unreadable("Permission denied"),
      failure::not_accepted(kHost, "ana", Credential::kPassword, "publickey,keyboard-interactive"),
      failure::key_unreadable("unknown format"),
      failure::key_signature_too_old(kHost),
      failure::passphrase_needed(),
      failure::passphrase_wrong(),
      failure::authenticate_timeout(kHost, 30),
      failure::prompt_timeout(120),
      failure::too_many_prompts(kHost, 64),
      failure::shell_ended_at_once(1),
      failure::shell_refused(kHost, "channel request denied"),
      failure::shell_timeout(kHost, 15),
      failure::stopped_answering(kHost),
      failure::host_closed(kHost),
      failure::protocol_broken(kHost, "bad packet length"),
      failure::bad_frame("input: seq is missing"),
      failure::no_such_session(),
      failure::taken_over(),
      failure::idle_limit(1800),
      failure::time_limit(43200),
      failure::detached_limit(86400),
      failure::closed_by_owner(),
      failure::too_many_watchers(8),
      failure::too_many_own_sessions(500),
      failure::too_many_logins(),
      failure::slow_down(8),
      failure::too_slow("The first frame", 10),
      failure::gateway_stopping(),
      failure::internal_error(),
  };
}

std::string file(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

std::vector<std::string> rows_of_the_users_table() {
  std::istringstream page(file(SALLYPORT_DOCS "/failures.md"));
  std::vector<std::string> rows;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| `")) rows.push_back(line);
  }
  return rows;
}

std::string param(const Failure& failure, std::string_view name) {
  for (const auto& [key, value] : failure.params) {
    if (key == name) return value;
  }
  return "(missing)";
}

TEST(Failure, says_the_sentences_users_were_promised) {
  EXPECT_EQ(failure::not_allowed("10.0.0.5", 23).message,
            "This gateway does not allow 10.0.0.5:23.");
  EXPECT_EQ(failure::not_allowed("10.0.0.5", 23).hint,
            "Ask its administrator, or see targets.allow.");
  EXPECT_EQ(failure::not_found(kHost).message, "db-3.corp could not be found.");
  EXPECT_EQ(failure::not_found(kHost).hint, "Check the spelling, or use its address.");
  EXPECT_EQ(failure::refused(kHost, 22).message, "db-3.corp:22 refused the connection.");
  EXPECT_EQ(failure::refused(kHost, 22).hint, "Is the SSH server running there?");
  EXPECT_EQ(failure::connect_timeout(kHost, 22, 10).message,
            "db-3.corp:22 did not answer within 10 s.");
  EXPECT_EQ(failure::connect_timeout(kHost, 22, 10).hint, "Is the SSH server running there?");
  EXPECT_EQ(failure::host_key_changed(kHost, kOld, kNew).message,
            "The host key of db-3.corp has CHANGED.");
  EXPECT_EQ(failure::shell_ended_at_once(1).message,
            "The account's shell ended at once (status 1).");
  EXPECT_EQ(failure::stopped_answering(kHost).message, "db-3.corp stopped answering.");
  EXPECT_EQ(failure::host_closed(kHost).message, "The host closed the connection.");
}

TEST(Failure, shows_both_lists_of_algorithms) {
  const Failure failure =
      failure::no_common_algorithm(kHost, "key exchange", "diffie-hellman-group1-sha1",
                                   "curve25519-sha256,ecdh-sha2-nistp256", false);
  EXPECT_EQ(failure.message,
            "db-3.corp offers only algorithms this gateway refuses: diffie-hellman-group1-sha1.");
  EXPECT_EQ(failure.hint,
            "For key exchange the host offers: diffie-hellman-group1-sha1. This gateway accepts: "
            "curve25519-sha256, ecdh-sha2-nistp256.");
  EXPECT_EQ(param(failure, "kind"), "key exchange");
  EXPECT_EQ(param(failure, "accepted"), "curve25519-sha256, ecdh-sha2-nistp256");
  EXPECT_EQ(param(failure, "legacy"), "(missing)");
}

TEST(Failure, names_the_setting_that_would_help) {
  const Failure failure =
      failure::no_common_algorithm(kHost, "MAC", "hmac-sha1", "hmac-sha2-256", true);
  EXPECT_NE(failure.hint.find("legacy = true in its [[hosts]] entry"), std::string::npos);
  EXPECT_EQ(param(failure, "legacy"), "true");
}

TEST(Failure, shows_both_fingerprints_of_a_changed_host_key) {
  const Failure failure = failure::host_key_changed(kHost, kOld, kNew);
  EXPECT_NE(failure.hint.find(std::string("Expected ") + kOld), std::string::npos);
  EXPECT_NE(failure.hint.find(std::string("received ") + kNew), std::string::npos);
  EXPECT_EQ(param(failure, "expected"), kOld);
  EXPECT_EQ(param(failure, "received"), kNew);
}

TEST(Failure, names_the_credential_that_was_not_accepted_and_what_the_host_would_take) {
  struct Row {
    Credential credential;
    const char* message;
    const char* word;
  };
  for (const Row& row : {
           Row{Credential::kPassword, "db-3.corp did not accept this password for ana.",
               "password"},
           Row{Credential::kKey, "db-3.corp did not accept this key for ana.", "key"},
           Row{Credential::kCertificate, "db-3.corp did not accept this certificate for ana.",
               "certificate"},
           Row{Credential::kAnswers, "db-3.corp did not accept these answers for ana.", "answers"},
       }) {
    const Failure failure =
        failure::not_accepted(kHost, "ana", row.credential, "publickey,keyboard-interactive");
    EXPECT_EQ(failure.message, row.message);
    EXPECT_EQ(failure.hint, "It accepts: publickey, keyboard-interactive.");
    EXPECT_EQ(param(failure, "credential"), row.word);
    EXPECT_EQ(param(failure, "username"), "ana");
  }
  EXPECT_EQ(failure::not_accepted(kHost, "ana", Credential::kPassword, "").hint,
            "Check the user name too.");
}

TEST(Failure, writes_ipv6_addresses_in_brackets) {
  EXPECT_EQ(host_port("::1", 22), "[::1]:22");
  EXPECT_EQ(host_port("10.0.0.5", 65535), "10.0.0.5:65535");
  EXPECT_EQ(failure::refused("fd00::3", 22).message, "[fd00::3]:22 refused the connection.");
  EXPECT_EQ(param(failure::refused("fd00::3", 22), "host"), "fd00::3");
}

TEST(Failure, names_a_limit_in_whole_seconds_and_none_as_no_time) {
  EXPECT_EQ(whole_seconds(std::chrono::milliseconds(10'000)), 10U);
  EXPECT_EQ(whole_seconds(std::chrono::milliseconds(1'001)), 2U);
  EXPECT_EQ(whole_seconds(std::chrono::milliseconds(100)), 1U);
}

TEST(Failure, puts_a_reason_before_its_own_full_stop) {
  EXPECT_EQ(failure::handshake_failed(kHost, "bad signature.\n").message,
            "The SSH handshake with db-3.corp failed: bad signature.");
}

TEST(Failure, has_a_code_of_its_own_in_kebab_case_for_every_sentence) {
  std::set<std::string> codes;
  for (const Failure& failure : one_of_each()) {
    EXPECT_TRUE(codes.insert(failure.code).second) << failure.code;
    EXPECT_EQ(failure.code.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string::npos);
    EXPECT_TRUE(failure.message.ends_with('.')) << failure.message;
    EXPECT_FALSE(failure.hint.empty()) << failure.code;
  }
}

TEST(Failure, is_in_the_users_table_with_its_stage_its_sentence_and_its_params) {
  const auto rows = rows_of_the_users_table();
  const auto failures = one_of_each();
  EXPECT_EQ(rows.size(), failures.size()) << "docs/failures.md has a row too many or too few";
  for (const Failure& failure : failures) {
    std::string params;
    for (const auto& [key, value] : failure.params) params += (params.empty() ? "" : ", ") + key;
    const std::string begin = "| `" + failure.code + "` | " + std::string(name(failure.stage)) +
                              " | " + failure.message + " | ";
    const std::string end = " | " + params + (params.empty() ? "|" : " |");
    bool found = false;
    for (const std::string& row : rows) {
      found = found || (row.starts_with(begin) && row.ends_with(end));
    }
    EXPECT_TRUE(found) << begin << "..." << end;
  }
}

// A constructor that is added to the header and not to one_of_each() would escape the test above.
TEST(Failure, one_of_each_is_one_of_each) {
  std::istringstream header(file(SALLYPORT_DOCS "/../server/base/failure.h"));
  std::size_t declared = 0;
  for (std::string line; std::getline(header, line);) declared += line.starts_with("Failure ");
  EXPECT_EQ(declared, one_of_each().size());
}

}  // namespace
}  // namespace sallyport::base
