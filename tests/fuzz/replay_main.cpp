// Runs a fuzz target over its corpus, where there is no libFuzzer: each file whole, cut at every
// length, and with each of its bytes changed in a few ways, so that the plain test sees half and
// damaged inputs too.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz_target.h"

namespace {

constexpr std::size_t kMostCuts = 2048;  // bytes of a file that are cut and changed one by one

void run(const std::string& bytes) {
  // A copy of just this size, so that a sanitizer sees a read beyond it.
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

void run_variants(const std::string& bytes) {
  run(bytes);
  const std::size_t count = std::min(bytes.size(), kMostCuts);
  for (std::size_t i = 0; i < count; ++i) {
    run(bytes.substr(0, i));
    for (const unsigned flip : {0x01U, 0x20U, 0x80U, 0xFFU}) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ flip);
      run(changed);
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t files = 0;
  for (int i = 1; i < count; ++i) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i]))
      paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    for (const std::filesystem::path& path : paths) {
      std::ifstream in(path, std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(in), {});
      // Said before, so that it stays the last line when the target traps.
      std::printf("%s\n", path.c_str());
      std::fflush(stdout);
      run_variants(bytes);
      ++files;
    }
  }
  if (files == 0) std::fprintf(stderr, "no corpus\n");
  return files == 0 ? 1 : 0;
}
