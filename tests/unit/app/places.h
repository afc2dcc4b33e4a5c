#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/configuration.h"

namespace sallyport::app {

// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "sallyport-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the test");
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& text,
                              unsigned mode = 0600) const {
    const auto file = path_ / name;
    std::ofstream(file, std::ios::binary) << text;
    std::filesystem::permissions(file, static_cast<std::filesystem::perms>(mode));
    return file;
  }

 private:
  std::filesystem::path path_;
};

inline std::vector<std::string> lines(const Problems& problems) {
  std::vector<std::string> result;
  for (const Problem& problem : problems) result.push_back(problem.line());
  return result;
}

// Sources that see nothing of the machine the test runs on.
inline Sources nowhere() {
  Sources sources;
  sources.usual_config = "/nonexistent/sallyport.toml";
  sources.environment = {"HOME=/home/ana"};
  return sources;
}

// What this text, as the file t.toml in the folder, comes to.
inline Configuration configured(const Folder& folder, const std::string& toml) {
  Sources sources = nowhere();
  sources.config = folder.write("t.toml", toml);
  return configure(sources);
}

}  // namespace sallyport::app
