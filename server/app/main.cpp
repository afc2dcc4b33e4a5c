#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/wiped_memory.h"

int main(int argc, char** argv) {
  sallyport::app::wipe_what_openssl_frees();
  std::vector<std::string> environment;
  for (char** line = environ; line != nullptr && *line != nullptr; ++line) {
    environment.emplace_back(*line);
  }
  return sallyport::app::run({argv + (argc > 0 ? 1 : 0), argv + argc}, environment, std::cout,
                             std::cerr);
}
