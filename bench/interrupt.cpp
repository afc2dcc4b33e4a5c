// Ctrl-C in a flood: how long from the key to the prompt, with a reader that is slower than the
// host, and whether every byte before it came.
#include <algorithm>
#include <deque>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "figure.h"
#include "host_programs.h"
#include "shaped_link.h"

namespace sallyport::bench {
namespace {

constexpr std::string_view kPrompt = "at-the-prompt> ";
constexpr double kSlow = 5e6;  // bytes per second: what a page parses of coloured logs

std::chrono::duration<double> time_for(std::size_t bytes) {
  return std::chrono::duration<double>(static_cast<double>(bytes) / kSlow);
}
Clock::time_point after(Clock::time_point start, std::chrono::duration<double> time) {
  return start + std::chrono::duration_cast<Clock::duration>(time);
}

// Output of a flood that was interrupted: numbered lines, each byte of which is known, then the
// prompt.
class Flood {
 public:
  // True: the prompt is there. Throws when a byte is lost, doubled or changed.
  bool take(std::string_view bytes) {
    if (behind_.empty()) {
      auto same = bytes.size();
      if (!is_flood(bytes, at_)) {
        same = 0;
        while (is_flood(bytes.substr(same, 1), at_ + same)) ++same;
      }
      at_ += same;
      bytes.remove_prefix(same);
    }
    behind_ += bytes;
    if (behind_.ends_with(kPrompt)) {
      // The shell goes to a new line first.
      behind_.resize(behind_.size() - kPrompt.size());
      if (behind_.empty() || behind_ == "\n") return true;
    }
    if (behind_.size() > 2 * kPrompt.size()) throw std::runtime_error("the flood has a gap");
    return false;
  }

 private:
  std::uint64_t at_ = 0;
  std::string behind_;
};

// A shell whose prompt is known, in which the flood has begun.
void start_flood(Rig& rig, Terminal& terminal) {
  // noflsh: a terminal throws away what it holds when it is interrupted, which would be our gap.
  terminal.write("stty raw isig noflsh -echo; PS1='at-the-pro''mpt> '; export PS1; exec sh -i\n");
  terminal.read_until(kPrompt);
  terminal.write(rig.program("on-host flood") + "\n");
}

struct Interrupted {
  double milliseconds = 0;  // from the key until the prompt is read (or parsed)
  double kilobytes = 0;     // of output that is read (or parsed) from then on
};

std::chrono::duration<double> flood_time(const Rig& rig) {
  return std::chrono::duration<double>(rig.options().flood_seconds);
}

double milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

// Reads at most `rate` bytes per second from the descriptor; 0: as it comes.
Interrupted interrupt_read(Rig& rig, Terminal& terminal, bool slowly) {
  if (slowly) terminal.set_read_size(16 * 1024);
  start_flood(rig, terminal);
  Flood flood;
  std::string output;
  const auto key_due = after(Clock::now(), flood_time(rig));
  std::optional<Clock::time_point> key;
  std::uint64_t before_key = 0;
  auto next = Clock::now();
  for (;;) {
    output.clear();
    terminal.read(output);
    if (flood.take(output)) break;
    if (slowly) {
      next = after(std::max(next, Clock::now() - std::chrono::milliseconds(10)),
                   time_for(output.size()));
      std::this_thread::sleep_until(next);
    }
    if (!key && Clock::now() >= key_due) {
      before_key = terminal.received();
      key = Clock::now();
      terminal.write("\x03");
    }
  }
  if (!key) throw std::runtime_error("the flood ended by itself");
  return {milliseconds(terminal.arrived() - *key),
          static_cast<double>(terminal.received() - before_key) / 1024};
}

// Takes all output at once, as a browser's socket does, but parses kSlow of it per second and
// acknowledges what is parsed.
Interrupted interrupt_parsed(Rig& rig, Terminal& terminal) {
  struct Chunk {
    std::uint64_t end;
    Clock::time_point parsed;
  };
  start_flood(rig, terminal);
  terminal.acknowledge_by_hand();
  Flood flood;
  std::deque<Chunk> unparsed;
  auto parser_free = Clock::now();
  std::uint64_t parsed = terminal.received();
  const auto key_due = after(Clock::now(), flood_time(rig));
  std::optional<Clock::time_point> key;
  std::uint64_t parsed_at_key = 0;
  std::string output;
  for (;;) {
    const auto now = Clock::now();
    for (; !unparsed.empty() && unparsed.front().parsed <= now; unparsed.pop_front()) {
      parsed = unparsed.front().end;
      terminal.acknowledge(parsed);
    }
    if (!key && now >= key_due) {
      parsed_at_key = parsed;
      key = Clock::now();
      terminal.write("\x03");
    }
    auto until = key ? now + Terminal::kPatience : key_due;
    if (!unparsed.empty()) until = std::min(until, unparsed.front().parsed);
    output.clear();
    if (!terminal.read_within(output, std::max<Clock::duration>(until - Clock::now(), {}))) {
      if (key && unparsed.empty()) throw std::runtime_error("no prompt for a minute");
      continue;
    }
    parser_free = after(std::max(parser_free, terminal.arrived()), time_for(output.size()));
    unparsed.push_back({terminal.received(), parser_free});
    if (!flood.take(output)) continue;
    if (!key) throw std::runtime_error("the flood ended by itself");
    // Nothing that is still to come changes when the prompt is parsed, so nobody waits for it.
    return {milliseconds(parser_free - *key),
            static_cast<double>(terminal.received() - parsed_at_key) / 1024};
  }
}

template <class Measure>
void interrupt(Rig& rig, Report& report, const std::string& name, const std::string& goal,
               const std::string& goal_late, Measure measure) {
  Figure time{"Ctrl-C to prompt, " + name, "ms", goal};
  Figure late{"output after the key", "KiB", goal_late};
  each_round(rig, [&](Way way) {
    const Interrupted result = measure(way);
    time.of(way).push_back(result.milliseconds);
    late.of(way).push_back(result.kilobytes);
  });
  report.add(time);
  report.add(late);
}

}  // namespace

void interrupt_slow_socket(Rig& rig, Report& report) {
  interrupt(rig, report, "5 MB/s from the socket", "<= 0.5x", "",
            [&](Way way) { return interrupt_read(rig, *rig.open(way), true); });
}

void interrupt_slow_parser(Rig& rig, Report& report) {
  interrupt(rig, report, "5 MB/s parsed", "<= 150 ms", "<= 256",
            [&](Way way) { return interrupt_parsed(rig, *rig.open(way)); });
}

void interrupt_slow_link(Rig& rig, Report& report) {
  using std::chrono::milliseconds;
  const ShapedLink::Shape shape{100'000, milliseconds(100), 64 * 1024};
  interrupt(rig, report, "100 KB/s + 100 ms link", "<= 3000 ms", "", [&](Way way) {
    auto host = rig.host();
    const ShapedLink link(way == Way::kSsh ? host.port : rig.gateway().port, shape);
    if (way == Way::kGateway) {
      const auto terminal = open_gateway_terminal(link.port(), host);
      return interrupt_read(rig, *terminal, false);
    }
    host.known_as = std::exchange(host.port, link.port());
    SshTerminal terminal(host);
    return interrupt_read(rig, terminal, false);
  });
}

}  // namespace sallyport::bench
