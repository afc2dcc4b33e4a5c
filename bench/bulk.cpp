// How fast a big output comes through, every byte compared, and what the gateway's processor time
// for it is beside that of the ssh client.
#include <fstream>
#include <stdexcept>

#include "figure.h"
#include "log_lines.h"

namespace sallyport::bench {
namespace {

struct Text {
  std::string file;
  std::string content;
};

Text make_text(const Rig& rig, const std::string& name, std::string content) {
  Text text{rig.folder() / name, std::move(content)};
  std::ofstream(text.file, std::ios::binary) << text.content;
  return text;
}

struct Speed {
  double megabytes_per_second = 0;
  double seconds_per_gigabyte = 0;  // of processor time
};

Speed measure(Rig& rig, Way way, const Text& text) {
  const auto terminal = rig.open(way);
  const auto* const ssh = dynamic_cast<const SshTerminal*>(terminal.get());
  const auto worker = ssh ? ssh->pid() : rig.gateway().pid();
  terminal->write("stty raw -echo; echo rea''dy; cat '" + text.file + "'; exec cat >/dev/null\n");
  terminal->read_until("ready\n");

  std::string seen;
  seen.reserve(text.content.size() + 1024 * 1024);
  const auto used = processor_time(worker);
  const auto started = Clock::now();
  while (seen.size() < text.content.size()) terminal->read(seen);
  const std::chrono::duration<double> took = Clock::now() - started;
  const auto bytes = static_cast<double>(text.content.size());
  const Speed speed{bytes / 1e6 / took.count(), (processor_time(worker) - used) / (bytes / 1e9)};
  if (seen != text.content) throw std::runtime_error("the output is not what the file holds");
  return speed;
}

}  // namespace

void bulk(Rig& rig, Report& report) {
  Figure log_speed{"bulk, log lines", "MB/s", ">= 1.5x"};
  Figure colour_speed{"bulk, colours + CJK + emoji", "MB/s", ">= 1.5x"};
  Figure log_work{"processor time, log lines", "s/GB", "<= 1.0x"};
  Figure colour_work{"processor time, colours ...", "s/GB", "<= 1.0x"};
  const auto bytes = static_cast<std::size_t>(rig.options().megabytes) * 1'000'000;
  const auto plain = make_text(rig, "plain", log_lines(bytes));
  const auto coloured = make_text(rig, "coloured", coloured_lines(bytes));
  each_round(rig, [&](Way way) {
    const auto plain_speed = measure(rig, way, plain);
    log_speed.of(way).push_back(plain_speed.megabytes_per_second);
    log_work.of(way).push_back(plain_speed.seconds_per_gigabyte);
    const auto coloured_speed = measure(rig, way, coloured);
    colour_speed.of(way).push_back(coloured_speed.megabytes_per_second);
    colour_work.of(way).push_back(coloured_speed.seconds_per_gigabyte);
  });
  for (const auto* figure : {&log_speed, &colour_speed, &log_work, &colour_work}) {
    report.add(*figure);
  }
}

}  // namespace sallyport::bench
