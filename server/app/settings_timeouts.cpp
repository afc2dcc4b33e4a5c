#include "app/setting_groups.h"
#include "app/setting_kinds.h"

namespace sallyport::app::groups {

std::vector<Setting> timeouts() {
  using S = Settings;
  using namespace kinds;
  using namespace std::chrono_literals;
  return {
      duration("timeouts.tls_handshake", &S::tls_handshake_timeout, 100ms, 10min, "5s",
               "How long a browser may take to agree on TLS, where [tls] is set, and a proxy to "
               "say what "
               "the PROXY protocol has to say."),
      duration("timeouts.header", &S::header_timeout, 100ms, 10min, "5s",
               "How long a browser may take to send its request, so that slow senders hold no "
               "sockets."),
      duration("timeouts.first_frame", &S::first_frame_timeout, 100ms, 10min, "5s",
               "How long a new terminal connection may take to say what it wants."),
      duration("timeouts.prompt", &S::prompt_timeout, 1s, 1h, "5m",
               "How long a user may think over a question: a host key, a one-time code. The host's "
               "own login limit (LoginGraceTime) may be shorter."),
      duration("timeouts.resolve", &S::resolve_timeout, 100ms, 10min, "3s",
               "How long the name service may take to find a host."),
      duration("timeouts.connect", &S::connect_timeout, 100ms, 10min, "3s",
               "How long a host may take to accept a connection, over all its addresses."),
      duration("timeouts.handshake", &S::handshake_timeout, 100ms, 10min, "30s",
               "How long the SSH key exchange may take."),
      duration("timeouts.authenticate", &S::authenticate_timeout, 100ms, 10min, "1m",
               "How long a host may take over a login, without the time the user thinks."),
      duration("timeouts.shell", &S::shell_timeout, 100ms, 10min, "30s",
               "How long a host may take to start the shell."),
      duration("timeouts.keepalive", &S::keepalive, 1s, 1h, "1m",
               "How often an idle SSH connection is used, so that firewalls do not forget it."),
      duration(
          "timeouts.dead_after", &S::dead_after, 1s, 1h, "90s",
          "How long a host may leave what was sent unacknowledged before the session ends with "
          "the sentence that it stopped answering."),
      duration("timeouts.ping_interval", &S::ping_interval, 100ms, 1h, "30s",
               "How often an idle browser is pinged. Keep it below the proxy's read timeout "
               "(nginx: proxy_read_timeout, 60 s), or the proxy cuts idle terminals."),
      duration(
          "timeouts.silent_after", &S::silent_after, 200ms, 2h, "90s",
          "How long a browser may stay silent, pings unanswered, before its socket is dropped. "
          "More than timeouts.ping_interval."),
      duration("timeouts.stop_grace", &S::stop_grace, 0ms, 10min, "10s",
               "How long a stop waits for browsers to be told, before it closes what is left."),
  };
}

}  // namespace sallyport::app::groups
