// Measures a gateway beside plain `ssh -tt` in one run, in alternating order. bench/run builds and
// names what it needs.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>

#include "figure.h"
#include "host_programs.h"

namespace {

using namespace sallyport::bench;

void list() {
  for (const auto& entry : entries()) {
    std::printf("%-15s %s\n", std::string(entry.name).c_str(), std::string(entry.what).c_str());
  }
}

bool is_known(const std::string& name) {
  return std::ranges::any_of(entries(), [&](const Entry& entry) { return entry.name == name; });
}

void run(const Options& options) {
  raise_descriptor_limit();
  Report report(options);
  Rig rig(options);
  for (const auto& entry : entries()) {
    const bool asked = options.figures.empty() ||
                       std::ranges::find(options.figures, entry.name) != options.figures.end();
    if (!asked) continue;
    std::fprintf(stderr, "%s: %s\n", std::string(entry.name).c_str(),
                 std::string(entry.what).c_str());
    entry.run(rig, report);
  }
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (std::ranges::find(argv, argv + argc, std::string_view("--quick")) != argv + argc) {
    options.make_quick();
  }
  CLI::App app(
      "Measures a Sallyport gateway beside plain ssh -tt; bench/run builds and names what it "
      "needs.");
  bool only_list = false;
  bool quick = false;
  app.add_option("figures", options.figures, "the figures to measure; all unless named");
  app.add_flag("--list", only_list, "names the figures and ends");
  app.add_flag("--quick", quick, "everything small: does it run, are the bytes right");
  app.add_option("--gateway", options.gateway, "the program sallyport");
  app.add_option("--scripted-host", options.scripted_host, "the program sallyport_scripted_host");
  app.add_option("--demo-host", options.demo_host, "scripts/demo-host");
  app.add_option("--gateway-flags", options.gateway_flags, "more flags of `sallyport serve`")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--versions", options.versions, "printed above the table");
  app.add_option("--json", options.json, "JSON lines go to this file");
  app.add_option("--rounds", options.rounds)->check(CLI::PositiveNumber);
  app.add_option("--keys", options.keys, "keys in one echo round")->check(CLI::PositiveNumber);
  app.add_option("--megabytes", options.megabytes, "of one bulk round")->check(CLI::PositiveNumber);
  app.add_option("--flood-seconds", options.flood_seconds, "before Ctrl-C");
  app.add_option("--printing", options.printing, "sessions that print");
  app.add_option("--idle", options.idle, "idle sessions, for memory; ascending")->delimiter(',');
  app.add_option("--crowd", options.crowd, "idle sessions of the crowd");
  app.add_option("--typing", options.typing, "those of it that type")->check(CLI::PositiveNumber);
  app.add_option("--crowd-seconds", options.crowd_seconds, "of their typing");
  app.add_option("--stopped", options.stalled, "clients that stop")->check(CLI::PositiveNumber);
  app.add_option("--logins", options.logins, "of the storm")->check(CLI::PositiveNumber);
  app.add_option("--connects", options.connects, "logins one after the other")
      ->check(CLI::PositiveNumber);
  auto* const on_host = app.add_subcommand(
      "on-host", "what the measurements run in the shell: flood, or print BYTES-PER-SECOND");
  std::vector<std::string> words;
  on_host->add_option("words", words)->required();
  CLI11_PARSE(app, argc, argv);

  if (*on_host) return run_host_program(words);
  if (only_list) {
    list();
    return 0;
  }
  for (const auto& name : options.figures) {
    if (is_known(name)) continue;
    std::fprintf(stderr, "bench: there is no figure %s; --list names them\n", name.c_str());
    return 2;
  }
  try {
    run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench: %s\n", error.what());
    return 1;
  }
}
