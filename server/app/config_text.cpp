#include "app/config_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "app/setting_values.h"

namespace sallyport::app {
namespace {

constexpr std::size_t kLargestFile = 1024 * 1024;  // bytes; a configuration is a few hundred

}  // namespace

ConfigText read_config(const std::filesystem::path& file) {
  const auto cannot = [&](const std::string& why) {
    return ConfigText{{}, {{file.string(), "cannot be read: " + why}}};
  };
  const auto reason = [] { return std::generic_category().message(errno); };
  // Not blocking: a FIFO with no writer would hold the start for ever.
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return cannot(reason());
  struct Closer {
    int fd;
    ~Closer() { ::close(fd); }
  } closer{fd};
  struct stat facts{};
  if (::fstat(fd, &facts) != 0) return cannot(reason());
  if (!S_ISREG(facts.st_mode)) return cannot("it is not a file");
  std::string text(kLargestFile + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(fd, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot(reason());
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > kLargestFile) return cannot("it is larger than " + show_bytes(kLargestFile));
  text.resize(size);
  return {std::move(text), {}};
}

}  // namespace sallyport::app
