#pragma once

#include <string>
#include <vector>

namespace sallyport::bench {

// What a run is asked for. The numbers are those of docs/benchmarks.md; --quick has small ones.
struct Options {
  std::vector<std::string> figures;  // by name; empty: all
  std::string gateway;               // the program
  std::string scripted_host;         // the program
  std::string demo_host;             // scripts/demo-host
  std::string versions;              // a line for the reader
  std::string json;                  // JSON lines go to this file; empty: nowhere
  std::vector<std::string> gateway_flags;

  unsigned rounds = 5;
  unsigned keys = 2000;                     // in one echo round
  unsigned megabytes = 100;                 // of one bulk round
  double flood_seconds = 3;                 // before Ctrl-C, and with a client that stops
  unsigned printing = 20;                   // sessions in the background that print
  std::vector<unsigned> idle = {200, 500};  // idle sessions, for memory
  unsigned crowd = 10'000;                  // idle sessions in one process
  unsigned typing = 500;                    // sessions that type, beside them
  unsigned crowd_seconds = 20;              // of their typing
  unsigned stalled = 1000;                  // clients that stop
  unsigned logins = 100;                    // of the storm
  unsigned connects = 20;                   // logins one after the other, in one round

  void make_quick();
};

}  // namespace sallyport::bench
