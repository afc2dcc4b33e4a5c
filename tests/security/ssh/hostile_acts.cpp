#include "hostile_acts.h"

#include <algorithm>

namespace sallyport::support {
namespace {

using Moment = RudeSshServer::Moment;
using Server = RudeSshServer;
using End = HostileEnd;

// ---- what it says
std::string channel_message(char type, const Server& server, std::string_view rest) {
  return type + ssh_u32(server.client_channel()) + std::string(rest);
}
std::string data(const Server& server, std::size_t size) {
  return channel_message('\x5e', server, ssh_string(std::string(size, 'd')));
}
std::string questions(unsigned count) {
  std::string out = "\x3c" + ssh_string("") + ssh_string("") + ssh_string("") + ssh_u32(count);
  for (unsigned i = 0; i < std::min(count, 1000U); ++i) out += ssh_string("?") + '\0';
  return out;
}

// ---- what it does
Server::Act says(std::string bytes, bool then = false) {
  return [bytes, then](Server& server) {
    server.send_raw(bytes);
    return then;
  };
}
Server::Act sends(std::string payload, bool then = true, Server::Shape shape = {}) {
  return [payload, then, shape](Server& server) {
    server.send(payload, shape);
    return then;
  };
}
Server::Act sends_of(std::function<std::string(const Server&)> payload, unsigned times = 1,
                     bool then = true) {
  return [=](Server& server) {
    for (unsigned i = 0; i < times; ++i) server.send(payload(server));
    return then;
  };
}
// For as long as it is taken.
Server::Act floods(std::function<std::string(const Server&)> payload, bool then = false) {
  return [payload, then](Server& server) {
    server.flood([payload](Server& again) {
      for (int i = 0; i < 64; ++i) again.send(payload(again));
    });
    return then;
  };
}
Server::Act floods_bytes(std::string bytes) {
  return [bytes](Server& server) {
    server.flood([bytes](Server& again) { again.send_raw(bytes); });
    return false;
  };
}
Server::Act hangs_up() {
  return [](Server& server) {
    server.hang_up();
    return false;
  };
}
Server::Act exchanges_keys_again(unsigned times) {
  return [times](Server& server) {
    server.flood([times](Server& again) {
      // The next one as soon as the last is through.
      static thread_local unsigned done = 0;
      if (again.kexes() == 1) done = 0;
      if (again.kexes() == done || again.kexes() > times) return;
      done = again.kexes();
      again.send_kexinit();
    });
    return true;
  };
}
Server::Act replies(std::string host_key, bool right_signature) {
  return [=](Server& server) {
    server.send(
        server.kex_reply(host_key.empty() ? server.host_key_blob() : host_key, right_signature));
    return false;
  };
}

}  // namespace

std::vector<HostileCase> hostile_cases() {
  const std::string kexinit = RudeSshServer().kexinit_payload();
  const std::string many_names =
      "\x14" + std::string(16, 'c') + ssh_string(std::string(30'000, 'a'));
  const Server::Shape huge{.length = 0x7fffffff}, over{.length = 0xffffffff}, zero{.length = 0},
      odd{.length = 13}, all_padding{.padding = 255}, no_padding{.padding = 0},
      wrong_mac{.wrong_mac = true}, cut{.cut = true};
  const auto ignore = [](const Server&) { return "\x02" + ssh_string(std::string(30'000, 'i')); };
  const auto debug = [](const Server&) {
    return std::string("\x04\x01", 2) + ssh_string(std::string(30'000, 'd')) + ssh_string("");
  };
  const auto banner = [](const Server&) {
    return "\x35" + ssh_string(std::string(30'000, 'b')) + ssh_string("");
  };
  const auto global = [](const Server&) {
    return "\x50" + ssh_string("hostkeys-00@openssh.com") + std::string(1, '\1');
  };
  const auto request = [](const Server& server) {
    return channel_message('\x62', server, ssh_string("no-such-thing") + std::string(1, '\1'));
  };
  const auto unknown_channel = [](const Server&) {
    return "\x5e" + ssh_u32(4711) + ssh_string("for nobody");
  };
  const auto nonsense = "\x07" + ssh_u32(0x7fffffff) + ssh_string("server-sig-algs") + ssh_u32(99);
  return {
      // -- the version exchange
      {"an_endless_version_line", Moment::kIdentification,
       floods_bytes("SSH-2.0-" + std::string(8192, 'v')), End::kSentence},
      {"endless_lines_before_it", Moment::kIdentification,
       floods_bytes(std::string(100, 'l') + "\r\n"), End::kSentence},
      {"no_version_at_all", Moment::kIdentification, hangs_up(), End::kSentence},
      {"version_1", Moment::kIdentification, says("SSH-1.5-old\r\n"), End::kSentence},
      {"zeros_for_a_version", Moment::kIdentification, says(std::string(4096, '\0') + "\n"),
       End::kSentence},
      // -- KEXINIT
      {"kexinit_huge_length", Moment::kKexinit, sends(kexinit, false, huge), End::kSentence},
      {"kexinit_length_of_all_ones", Moment::kKexinit, sends(kexinit, false, over), End::kSentence},
      {"kexinit_length_0", Moment::kKexinit, sends(kexinit, false, zero), End::kSentence},
      {"kexinit_odd_length", Moment::kKexinit, sends(kexinit, false, odd), End::kSentence},
      {"kexinit_nothing_but_padding", Moment::kKexinit, sends("\x14", false, all_padding),
       End::kSentence},
      {"kexinit_no_padding", Moment::kKexinit, sends(kexinit, false, no_padding), End::kEither},
      {"kexinit_cut", Moment::kKexinit, sends(kexinit, false, cut), End::kSentence},
      {"kexinit_without_lists", Moment::kKexinit, sends("\x14", false), End::kSentence},
      {"kexinit_one_huge_list", Moment::kKexinit, sends(many_names, false), End::kSentence},
      {"kexinit_list_beyond_its_end", Moment::kKexinit,
       sends("\x14" + std::string(16, 'c') + ssh_u32(0xfffffff0), false), End::kSentence},
      {"success_before_any_key", Moment::kKexinit, sends("\x34"), End::kEither},
      {"an_empty_packet", Moment::kKexinit, sends(""), End::kEither},
      {"endless_ignores_before_kexinit", Moment::kKexinit, floods(ignore), End::kSentence},
      {"endless_debugs_before_kexinit", Moment::kKexinit, floods(debug), End::kSentence},
      {"unimplemented_before_kexinit", Moment::kKexinit, sends("\x03" + ssh_u32(0)), End::kEither},
      // -- the key exchange
      {"reply_cut", Moment::kKexReply, sends("\x1f", false), End::kSentence},
      {"reply_with_a_wrong_signature", Moment::kKexReply, replies("", false), End::kSentence},
      {"reply_without_a_host_key", Moment::kKexReply,
       sends("\x1f" + ssh_string("") + ssh_string("") + ssh_string(""), false), End::kSentence},
      {"host_key_cut", Moment::kKexReply, replies(ssh_string("ssh-ed25519") + ssh_u32(32), true),
       End::kSentence},
      {"host_key_of_another_type", Moment::kKexReply,
       replies(ssh_string("ssh-rsa") + ssh_string("\1") + ssh_string("\3"), true), End::kSentence},
      {"host_key_longer_than_it_says", Moment::kKexReply,
       replies(ssh_string("ssh-ed25519") + ssh_u32(0xffffff00) + std::string(32, 'k'), true),
       End::kSentence},
      {"public_value_of_zeros", Moment::kKexReply,
       [](Server& server) {
         std::string reply = server.kex_reply(server.host_key_blob(), true);
         reply.replace(1 + 4 + server.host_key_blob().size() + 4, 32, std::string(32, '\0'));
         server.send(reply);
         return false;
       },
       End::kSentence},
      {"new_keys_too_early", Moment::kKexReply, sends("\x15"), End::kEither},
      {"kexinit_twice", Moment::kKexReply, sends(kexinit), End::kEither},
      {"gone_before_new_keys", Moment::kNewKeys, hangs_up(), End::kSentence},
      {"bytes_in_place_of_new_keys", Moment::kNewKeys, says(std::string(512, 'x')), End::kSentence},
      // -- behind it
      {"wrong_mac", Moment::kServiceAccept,
       sends("\x06" + ssh_string("ssh-userauth"), false, wrong_mac), End::kSentence},
      {"huge_length_encrypted", Moment::kServiceAccept, sends("\x06", false, huge), End::kSentence},
      {"zero_length_encrypted", Moment::kServiceAccept, sends("\x06", false, zero), End::kSentence},
      {"all_padding_encrypted", Moment::kServiceAccept, sends("\x06", false, all_padding),
       End::kSentence},
      {"another_service", Moment::kServiceAccept, sends("\x06" + ssh_string("ssh-nothing"), false),
       End::kSentence},
      {"service_accept_without_a_name", Moment::kServiceAccept,
       sends("\x06" + ssh_u32(0x7fffffff), false), End::kSentence},
      {"ext_info_nonsense", Moment::kServiceAccept, sends(nonsense), End::kEither},
      {"ext_info_of_one_byte", Moment::kServiceAccept, sends("\x07"), End::kEither},
      {"endless_ignores", Moment::kServiceAccept, floods(ignore), End::kSentence},
      // -- the sign-in
      {"endless_banner", Moment::kAuthReply, floods(banner), End::kSentence},
      {"banner_longer_than_it_says", Moment::kAuthReply, sends("\x35" + ssh_u32(0xfffffffe) + "b"),
       End::kEither},
      {"failure_without_methods", Moment::kAuthReply, sends("\x33", false), End::kSentence},
      {"unknown_auth_message", Moment::kAuthReply, sends("\x4f"), End::kEither},
      {"a_million_questions", Moment::kAuthReply, sends(questions(1'000'000), false),
       End::kSentence, true},
      {"a_thousand_questions", Moment::kAuthReply, sends(questions(1000), false), End::kSentence,
       true},
      {"endless_rounds_of_no_question", Moment::kAuthReply, sends(questions(0), false),
       End::kSentence, true},
      {"questions_cut", Moment::kAuthReply, sends("\x3c", false), End::kSentence, true},
      {"endless_global_requests", Moment::kAuthReply, floods(global), End::kSentence},
      {"disconnect", Moment::kAuthReply,
       sends("\x01" + ssh_u32(2) + ssh_string("bye\x1b[31m") + ssh_string(""), false),
       End::kSentence},
      {"disconnect_longer_than_it_says", Moment::kAuthReply,
       sends("\x01" + ssh_u32(2) + ssh_u32(0xfffffff0), false), End::kSentence},
      {"disconnect_of_one_byte", Moment::kAuthReply, sends("\x01", false), End::kSentence},
      // -- channels
      {"open_refused_without_a_word", Moment::kChannelOpen, sends("\x5c", false), End::kSentence},
      {"open_confirmed_for_another", Moment::kChannelOpen,
       sends("\x5b" + ssh_u32(99) + ssh_u32(7) + ssh_u32(0) + ssh_u32(0)), End::kEither},
      {"open_confirmed_twice", Moment::kPty, sends_of([](const Server& server) {
         return channel_message('\x5b', server, ssh_u32(8) + ssh_u32(1) + ssh_u32(1));
       }),
       End::kEither},
      {"packets_of_0_bytes_and_no_window", Moment::kChannelOpen,
       sends_of(
           [](const Server& server) {
             return channel_message('\x5b', server, ssh_u32(7) + ssh_u32(0) + ssh_u32(0));
           },
           1, false),
       End::kEither},
      {"its_own_channels", Moment::kPty,
       sends_of(
           [](const Server&) {
             return "\x5a" + ssh_string("forwarded-tcpip") + ssh_u32(1) + ssh_u32(1) + ssh_u32(1) +
                    ssh_u32(0x7fffffff);
           },
           100),
       End::kEither},
      {"agent_and_x11_channels_cut", Moment::kPty,
       sends_of([](const Server&) { return "\x5a" + ssh_string("x11") + ssh_u32(1); }, 10),
       End::kEither},
      {"close_at_once", Moment::kShell,
       sends_of([](const Server& server) { return channel_message('\x61', server, ""); }, 2),
       End::kEither},
      {"disconnect_in_the_middle", Moment::kEcho,
       sends("\x01" + ssh_u32(11) + ssh_string("maintenance") + ssh_string(""), false),
       End::kSentence},
      {"data_for_unknown_channels", Moment::kEcho, sends_of(unknown_channel, 1000), End::kEither},
      {"data_beyond_the_window", Moment::kEcho,
       floods([](const Server& server) { return data(server, 32'000); }, true), End::kEither},
      {"data_longer_than_it_says", Moment::kEcho, sends_of([](const Server& server) {
         return channel_message('\x5e', server, ssh_u32(0xfffffff0) + "d");
       }),
       End::kEither},
      {"data_of_no_bytes", Moment::kEcho,
       sends_of([](const Server& server) { return data(server, 0); }, 10'000), End::kGoesOn},
      {"extended_data_cut", Moment::kEcho,
       sends_of([](const Server& server) { return channel_message('\x5f', server, ""); }),
       End::kEither},
      {"window_overflow", Moment::kEcho,
       sends_of(
           [](const Server& server) {
             return channel_message('\x5d', server, ssh_u32(0xffffffff));
           },
           1000),
       End::kEither},
      {"window_adjust_cut", Moment::kEcho, sends("\x5d"), End::kEither},
      {"endless_channel_requests", Moment::kEcho, floods(request, true), End::kEither},
      {"endless_global_requests_later", Moment::kEcho, floods(global, true), End::kEither},
      {"endless_ignores_later", Moment::kEcho, floods(ignore, true), End::kEither},
      {"endless_debugs_later", Moment::kEcho, floods(debug, true), End::kEither},
      {"unknown_messages", Moment::kEcho,
       sends_of([](const Server&) { return std::string("\xc8rubbish"); }, 1000), End::kEither},
      {"exit_status_cut", Moment::kEcho, sends_of([](const Server& server) {
         return channel_message('\x62', server, ssh_string("exit-status") + std::string(1, '\0'));
       }),
       End::kEither},
      {"exit_signal_longer_than_it_says", Moment::kEcho, sends_of([](const Server& server) {
         return channel_message(
             '\x62', server,
             ssh_string("exit-signal") + std::string(1, '\0') + ssh_u32(0xfffffff0));
       }),
       End::kEither},
      {"a_storm_of_key_exchanges", Moment::kEcho, exchanges_keys_again(300), End::kEither},
      {"a_key_exchange_that_stops", Moment::kEcho, sends(kexinit), End::kEither},
      {"sign_in_messages_later", Moment::kEcho, sends("\x34"), End::kEither},
      {"questions_later", Moment::kEcho, sends(questions(1000)), End::kEither},
      {"wrong_mac_later", Moment::kEcho, sends("\x02", false, wrong_mac), End::kSentence},
      {"half_a_packet_and_the_end", Moment::kEcho,
       [](Server& server) {
         server.send(data(server, 1000), {.cut = true});
         server.hang_up();
         return false;
       },
       End::kSentence},
  };
}

}  // namespace sallyport::support
