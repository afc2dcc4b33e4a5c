#include "figure.h"
#include "options.h"

namespace sallyport::bench {

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all{
      {"echo", "a key to its echo, nothing else going on", echo_idle},
      {"echo-busy", "the same beside 20 sessions that print 100 KB/s each", echo_busy},
      {"echo-flood", "the same beside a session that floods, and how fast that is", echo_flood},
      {"bulk", "100 MB through a terminal, byte by byte the same, and the processor time", bulk},
      {"ctrl-c-socket", "Ctrl-C in a flood whose reader takes 5 MB/s from the socket",
       interrupt_slow_socket},
      {"ctrl-c-parser", "Ctrl-C in a flood whose reader takes all and parses 5 MB/s",
       interrupt_slow_parser},
      {"ctrl-c-link", "Ctrl-C in a flood over a link of 100 KB/s with 100 ms each way",
       interrupt_slow_link},
      {"connect", "a login to the shell's first byte, and the processor time", connect},
      {"memory", "memory per idle session", memory},
      {"crowd", "10 000 idle sessions and 500 that type, in one process", crowd},
      {"stopped", "growth for a client that stops acknowledging in a flood", stopped},
      {"stopped-many", "1 000 of them, and what another session notices", stopped_many},
      {"storm", "100 logins, 16 at a time", storm},
  };
  return all;
}

// Does it run, are the bytes right; too short for figures.
void Options::make_quick() {
  rounds = 1;
  keys = 200;
  megabytes = 5;
  flood_seconds = 0.5;
  printing = 3;
  idle = {10, 20};
  crowd = 200;
  typing = 20;
  crowd_seconds = 1;
  stalled = 20;
  logins = 16;
  connects = 3;
}

}  // namespace sallyport::bench
