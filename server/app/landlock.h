#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace sallyport::app {

// The folders (or files) that may be used from now on, with all below them. One that does not exist
// is passed over.
struct UsedFiles {
  std::vector<std::filesystem::path> read;
  std::vector<std::filesystem::path> write;  // read, made and removed too
};

// Landlock (Linux 5.13 and later, landlock(7)): this thread and those it starts see no other file
// of the system's, run no program, and, where the kernel knows how to keep them from it, open no
// TCP listener and send neither signals nor abstract Unix sockets to others. The ABI's version, or
// why not. Needs PR_SET_NO_NEW_PRIVS.
std::expected<int, std::string> allow_only_files(const UsedFiles& files);

}  // namespace sallyport::app
