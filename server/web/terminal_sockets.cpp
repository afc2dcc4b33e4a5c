#include "web/terminal_sockets.h"

#include <boost/asio/post.hpp>
#include <condition_variable>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "net/spawn.h"
#include "web/terminal_socket.h"

namespace sallyport::web {

namespace {

// How many sockets are open; somebody may wait for none.
class OpenCount {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void remove() {
    const std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  std::size_t get() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  bool wait_for_none(std::chrono::milliseconds limit) const {
    std::unique_lock lock(mutex_);
    return none_.wait_for(lock, limit, [this] { return count_ == 0; });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable none_;
  std::size_t count_ = 0;
};

}  // namespace

struct TerminalSockets::Shared {
  // The sockets of one reader thread, touched only there.
  struct OfReader {
    std::unordered_set<TerminalSocket*> sockets;
    bool stopping = false;
  };

  TerminalOptions options;
  net::ReaderThreads& readers;
  const session::Opener& opener;
  const session::Registry& registry;
  const base::Log& log;
  std::unordered_map<const net::ReaderThread*, OfReader> by_reader;  // the map itself never changes
  OpenCount open;

  Shared(TerminalOptions o, net::ReaderThreads& r, const session::Opener& op,
         const session::Registry& reg, const base::Log& l)
      : options(o), readers(r), opener(op), registry(reg), log(l) {
    for (const auto& reader : readers.all()) by_reader[reader.get()];
  }
};

namespace {

// Counted for as long as the connection runs.
class Presence {
 public:
  Presence(std::unordered_set<TerminalSocket*>& sockets, OpenCount& open, net::ReaderThread& reader,
           TerminalSocket* socket)
      : sockets_(sockets), open_(open), reader_(reader), socket_(socket) {
    sockets_.insert(socket_);
    open_.add();
    reader_.add_load(1);
  }
  ~Presence() {
    sockets_.erase(socket_);
    reader_.add_load(-1);
    open_.remove();
  }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

 private:
  std::unordered_set<TerminalSocket*>& sockets_;
  OpenCount& open_;
  net::ReaderThread& reader_;
  TerminalSocket* socket_;
};

}  // namespace

TerminalSockets::TerminalSockets(TerminalOptions options, net::ReaderThreads& readers,
                                 const session::Opener& opener, const session::Registry& registry,
                                 const base::Log& log)
    : shared_(std::make_shared<Shared>(options, readers, opener, registry, log)) {}

TerminalSockets::~TerminalSockets() = default;

void TerminalSockets::start(net::Stream stream, Request request, net::ReaderThread& reader) {
  auto connection = [](std::shared_ptr<Shared> shared, net::Stream s, Request r,
                       net::ReaderThread& on) -> net::Task<> {
    auto& mine = shared->by_reader.at(&on);
    const auto terminal = std::make_shared<TerminalSocket>(
        std::move(s), shared->options, shared->opener, shared->registry, shared->log);
    const Presence presence(mine.sockets, shared->open, on, terminal.get());
    if (mine.stopping) co_return;
    co_await terminal->run(std::move(r));
  };
  const auto executor = stream.get_executor();
  net::spawn(executor, shared_->log, "terminal",
             connection(shared_, std::move(stream), std::move(request), reader));
}

void TerminalSockets::stop() {
  for (const auto& reader : shared_->readers.all()) {
    boost::asio::post(reader->executor(), [shared = shared_, on = reader.get()] {
      auto& mine = shared->by_reader.at(on);
      mine.stopping = true;
      // A copy: a socket may leave the set while it is told.
      const auto sockets = mine.sockets;
      for (auto* socket : sockets) socket->stop();
    });
  }
}

bool TerminalSockets::wait_until_closed(std::chrono::milliseconds limit) const {
  return shared_->open.wait_for_none(limit);
}

std::size_t TerminalSockets::size() const { return shared_->open.get(); }

}  // namespace sallyport::web
