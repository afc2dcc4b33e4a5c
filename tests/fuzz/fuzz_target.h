#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// What libFuzzer and replay_main.cpp call. Returns 0; a promise that does not hold is a
// FUZZ_EXPECT.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// An assertion that also holds in release builds.
#define FUZZ_EXPECT(condition) ((condition) ? void() : __builtin_trap())
