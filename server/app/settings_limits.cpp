#include "app/setting_groups.h"
#include "app/setting_kinds.h"

namespace sallyport::app::groups {
namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;
constexpr std::uint64_t kGiB = 1024 * kMiB;

}  // namespace

std::vector<Setting> limits() {
  using S = Settings;
  using namespace kinds;
  using namespace std::chrono_literals;
  return {
      bytes("limits.log_memory", &S::log_memory_bytes, kMiB, 1024 * kGiB, "2GiB",
            "Memory for the kept output of all sessions together. Beyond it the output of those "
            "whose user has been away the longest is forgotten; a session somebody uses keeps its "
            "own."),
      count(
          "limits.sessions", &S::max_sessions, 1, 1'000'000, "200",
          "Shells open at once; the next user is told that the gateway is full, so that those who "
          "work keep their memory."),
      count(
          "limits.sessions_by_client", &S::sessions_by_client, 1, 1'000'000, "50",
          "The same for one client, so that nobody takes all of them. A client is an IPv4 address "
          "or the /64 of an IPv6 one. Behind a proxy that is not listed the gateway sees one "
          "address for everybody: on loopback it then counts no clients."),
      count("limits.connections", &S::max_connections, 16, 1'000'000, "2000",
            "Browsers' connections at once, terminals included; those beyond are closed unread. "
            "Each takes a file descriptor, and so does each session's connection to its host: keep "
            "the sum below LimitNOFILE."),
      count("limits.connections_by_client", &S::connections_by_client, 4, 1'000'000, "100",
            "The same for one client: a page takes up to six while it loads and one for each "
            "terminal, an office behind one address many."),
      count("limits.logins", &S::max_logins, 1, 1'000'000, "200",
            "Logins under way at once, from the press of connect to the shell. Each holds a "
            "connection to a host and about 100 KB until it is through or its time is over."),
      count("limits.logins_by_client", &S::logins_by_client, 1, 1'000'000, "5",
            "The same for one client."),
      count(
          "limits.login_failures", &S::login_failures, 0, 1'000, "3",
          "Failed logins that cost nothing: people mistype. They are counted by client, by account "
          "of a host and, four times as many, by host."),
      duration(
          "limits.login_delay", &S::login_delay, 0ms, 1h, "2s",
          "How long the next login must wait after one failure more; each further one doubles "
          "it. Guessing becomes slow, and nothing is ever locked: a client that has not failed "
          "is not held up by the failures of others. A success resets nothing."),
      duration("limits.login_delay_most", &S::login_delay_most, 0ms, 1h, "5m",
               "The longest such wait; 0s switches the brake off. Two a minute are 2880 guesses a "
               "day."),
      duration("limits.login_forget", &S::login_forget, 1s, 24h, "1h",
               "How long without a failure until those before are forgotten."),
  };
}

}  // namespace sallyport::app::groups
