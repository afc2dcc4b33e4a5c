// Measures a gateway beside plain `ssh -tt` in one run, in alternating order. bench/run starts what
// it needs.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fstream>

#include "measure.h"

namespace {

using namespace sallyport::bench;

struct Options {
  Target target;
  unsigned gateway_port = 0;
  pid_t gateway_pid = 0;
  unsigned rounds = 5;
  unsigned keys = 2000;
  unsigned megabytes = 100;
  unsigned sessions = 200;
  std::string folder;
  std::string json;
};

// Memory of `sessions` idle shells, per session, in KB.
double gateway_memory(const Options& options, const MakeTerminal& make) {
  make();  // what the first login allocates for all is not a session's
  const auto before = proportional_set_size(options.gateway_pid);
  std::vector<std::unique_ptr<Terminal>> open;
  for (unsigned number = 0; number < options.sessions; ++number) {
    open.push_back(make());
    open.back()->write("echo idl''e\n");
    open.back()->read_until("idle");
  }
  const auto after = proportional_set_size(options.gateway_pid);
  return static_cast<double>(after - before) / options.sessions / 1000;
}

// The same for ssh processes; fewer of them, as each is a whole program of its own.
double ssh_memory(const Options& options) {
  constexpr unsigned kProcesses = 20;
  std::vector<std::unique_ptr<SshTerminal>> open;
  double total = 0;
  for (unsigned number = 0; number < kProcesses; ++number) {
    open.push_back(std::make_unique<SshTerminal>(options.target));
    open.back()->write("echo idl''e\n");
    open.back()->read_until("idle");
  }
  for (const auto& terminal : open) {
    total += static_cast<double>(proportional_set_size(terminal->pid()));
  }
  return total / kProcesses / 1000;
}

void run(const Options& options) {
  const MakeTerminal ssh = [&] { return std::make_unique<SshTerminal>(options.target); };
  const MakeTerminal gateway = [&] {
    return std::make_unique<GatewayTerminal>(options.gateway_port, options.target);
  };
  Figure p50{"echo of one key, p50", "us", {}, {}};
  Figure p99{"echo of one key, p99", "us", {}, {}};
  Figure logs{"bulk, log lines", "MB/s", {}, {}};
  Figure colours{"bulk, colours + CJK + emoji", "MB/s", {}, {}};
  Figure memory{"memory per idle session", "KB", {}, {}};

  const auto bytes = static_cast<std::size_t>(options.megabytes) * 1'000'000;
  const auto plain = log_lines(bytes);
  const auto coloured = coloured_lines(bytes);
  const auto plain_file = options.folder + "/plain";
  const auto coloured_file = options.folder + "/coloured";
  std::ofstream(plain_file, std::ios::binary) << plain;
  std::ofstream(coloured_file, std::ios::binary) << coloured;

  for (unsigned round = 0; round < options.rounds; ++round) {
    std::fprintf(stderr, "round %u of %u\n", round + 1, options.rounds);
    for (const bool turn : {round % 2 == 0, round % 2 != 0}) {
      const auto& make = turn ? ssh : gateway;
      const auto results = [turn](Figure& figure) -> std::vector<double>& {
        return turn ? figure.ssh : figure.gateway;
      };
      const auto echo = measure_echo(make, options.keys);
      results(p50).push_back(echo.p50);
      results(p99).push_back(echo.p99);
      results(logs).push_back(measure_bulk(make, plain_file, plain));
      results(colours).push_back(measure_bulk(make, coloured_file, coloured));
    }
  }
  memory.ssh.push_back(ssh_memory(options));
  memory.gateway.push_back(gateway_memory(options, gateway));
  report({p50, p99, logs, colours, memory}, options.json);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app(
      "Measures a Sallyport gateway beside plain ssh -tt; bench/run starts what it needs.");
  app.add_option("--gateway-port", options.gateway_port, "the gateway's port on 127.0.0.1")
      ->required();
  app.add_option("--gateway-pid", options.gateway_pid, "its process, for memory")->required();
  app.add_option("--host", options.target.host, "the SSH server both go to");
  app.add_option("--port", options.target.port, "its port")->required();
  app.add_option("--user", options.target.username)->required();
  app.add_option("--identity", options.target.identity_file, "private key file")->required();
  app.add_option("--known-hosts", options.target.known_hosts)->required();
  app.add_option("--folder", options.folder, "for the files that are printed")->required();
  app.add_option("--rounds", options.rounds);
  app.add_option("--keys", options.keys, "keys in one echo round");
  app.add_option("--megabytes", options.megabytes, "of one bulk round");
  app.add_option("--sessions", options.sessions, "idle ones, for memory");
  app.add_option("--json", options.json, "write JSON lines to this file");
  CLI11_PARSE(app, argc, argv);
  try {
    run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench: %s\n", error.what());
    return 1;
  }
}
