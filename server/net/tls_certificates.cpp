#include "net/tls_certificates.h"

#include <sys/stat.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "net/spawn.h"

namespace sallyport::net {
namespace {

// What tells one state of a file from another.
struct Stamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = -1;
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
  bool operator==(const Stamp&) const = default;

  static Stamp of(const std::filesystem::path& file) {
    struct stat facts{};
    if (::stat(file.c_str(), &facts) != 0) return {};
    return {facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec};
  }
};

struct Stamps {
  Stamp certificate;
  Stamp key;
  bool operator==(const Stamps&) const = default;

  static Stamps of(const TlsFiles& files) {
    return {Stamp::of(files.certificate), Stamp::of(files.key)};
  }
};

}  // namespace

struct TlsCertificates::State {
  State(TlsFiles f, Workers& w, const base::Log& l) : files(std::move(f)), workers(w), log(l) {}

  // On a worker.
  void load();

  const TlsFiles files;
  Workers& workers;
  const base::Log& log;
  std::mutex mutex;  // of the three below; once a connection, never on the way of a byte
  TlsContext context;
  Stamps tried;  // the files as they were when they were last read, with success or without
  bool closed = false;
};

void TlsCertificates::State::load() {
  const Stamps before = Stamps::of(files);
  auto loaded = load_tls(files);
  const std::string trouble = !loaded ? loaded.error() : loaded->not_usable;
  const std::lock_guard lock(mutex);
  tried = before;
  if (!trouble.empty()) {
    log.error("tls.certificate_refused", {{"reason", trouble}, {"kept", "the one before"}});
    return;
  }
  context = std::move(loaded->context);
  log.info("tls.certificate", {{"subject", loaded->subject}, {"expires", loaded->expires}});
}

TlsCertificates::TlsCertificates(TlsFiles files, Workers& workers, const base::Log& log)
    : state_(std::make_shared<State>(std::move(files), workers, log)) {
  state_->tried = Stamps::of(state_->files);
  auto loaded = load_tls(state_->files);
  if (!loaded) throw std::runtime_error(loaded.error());
  if (!loaded->not_usable.empty())
    log.warning("tls.certificate_not_usable", {{"reason", loaded->not_usable}});
  log.info("tls.certificate", {{"subject", loaded->subject}, {"expires", loaded->expires}});
  state_->context = std::move(loaded->context);
}

TlsCertificates::~TlsCertificates() {
  const std::lock_guard lock(state_->mutex);
  state_->closed = true;
}

TlsContext TlsCertificates::current() const {
  const std::lock_guard lock(state_->mutex);
  return state_->context;
}

void TlsCertificates::reload() {
  state_->workers.start([state = state_] { state->load(); });
}

void TlsCertificates::watch(ReaderThread& thread, std::chrono::milliseconds interval) {
  spawn(thread.executor(), state_->log, "tls.watch", watch_files(state_, interval));
}

Task<> TlsCertificates::watch_files(std::shared_ptr<State> state,
                                    std::chrono::milliseconds interval) {
  Timer timer(co_await asio::this_coro::executor);
  Stamps last = state->tried;
  for (;;) {
    timer.expires_after(interval);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(use_task, ignored));
    // Two calls of stat(2), but on a network's file system they may wait long.
    const Stamps now = co_await state->workers.run([state] { return Stamps::of(state->files); });
    bool changed = false;
    {
      const std::lock_guard lock(state->mutex);
      if (state->closed) co_return;
      changed = now != state->tried;
    }
    if (changed && now == last) co_await state->workers.run([state] { state->load(); });
    last = now;
  }
}

}  // namespace sallyport::net
