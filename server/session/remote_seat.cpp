#include "session/remote_seat.h"

#include <atomic>
#include <boost/asio/post.hpp>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "session/session.h"

namespace sallyport::session {
namespace {

using boost::asio::post;

// What is known on the viewer's thread; touched only there.
struct Mailbox {
  Viewer* viewer = nullptr;  // null: it has left
  std::string piece;         // came, and was not taken yet
  std::uint64_t piece_end = 0;
  std::uint64_t last_seq = 0;          // of the input that was passed on
  std::size_t input_bytes = 0;         // of it, not accepted yet
  std::atomic<std::size_t> calls = 0;  // under way to the session; all that both threads touch
};

// The viewer's stand-in on the session's thread; touched only there.
class StandIn final : public Viewer {
 public:
  StandIn(net::Executor here, std::shared_ptr<Mailbox> mailbox)
      : here_(here), mailbox_(std::move(mailbox)) {}

  void attach(const std::weak_ptr<Session>& weak, const Return& request) {
    const auto session = weak.lock();
    if (!session) return on_failed(base::failure::no_such_session());
    const auto attached = session->attach(*this, request, port_);
    if (!attached) on_failed(attached.error());
    pass_on();
  }
  // Nothing is told to the viewer any more.
  void leave() { port_.reset(); }
  template <class Call>
  void with_port(Call&& call) {
    if (port_) call(*port_);
  }
  // The viewer took the last piece.
  void piece_taken() {
    under_way_ = false;
    pass_on();
  }

  void on_attached(const protocol::Attached& attached) override {
    tell([attached](Viewer& viewer) { viewer.on_attached(attached); });
  }
  void on_output() override { pass_on(); }
  void on_accepted(std::uint64_t seq) override {
    post(here_, [box = mailbox_, seq] {
      if (seq >= box->last_seq) box->input_bytes = 0;
      if (box->viewer) box->viewer->on_accepted(seq);
    });
  }
  void on_resized(protocol::Size size) override {
    tell([size](Viewer& viewer) { viewer.on_resized(size); });
  }
  void on_pong(const protocol::Pong& pong) override {
    tell([pong](Viewer& viewer) { viewer.on_pong(pong); });
  }
  void on_exited(const terminal::ShellExit& exit) override {
    end_ = [exit](Viewer& viewer) { viewer.on_exited(exit); };
    pass_on();
  }
  void on_failed(const base::Failure& failure) override {
    end_ = [failure](Viewer& viewer) { viewer.on_failed(failure); };
    pass_on();
  }

 private:
  using Telling = std::function<void(Viewer&)>;

  void tell(Telling what) {
    post(here_, [box = mailbox_, what = std::move(what)] {
      if (box->viewer) what(*box->viewer);
    });
  }
  // The next piece, or what comes after the last one.
  void pass_on() {
    // Twice at most: a watcher that was moved forward finds its output at the second try.
    while (port_ && !under_way_ && port_->has_output()) {
      const auto piece = port_->take();
      if (piece.data.empty()) continue;
      under_way_ = true;
      post(here_, [box = mailbox_, end = piece.end, data = std::string(piece.data)]() mutable {
        box->piece = std::move(data);
        box->piece_end = end;
        if (box->viewer) box->viewer->on_output();
      });
    }
    if (!end_ || (port_ && port_->has_output())) return;
    post(here_, [box = mailbox_, what = std::exchange(end_, nullptr)] {
      box->input_bytes = 0;  // what was not accepted is nobody's any more
      if (box->viewer) what(*box->viewer);
    });
  }

  net::Executor here_;
  std::shared_ptr<Mailbox> mailbox_;
  std::unique_ptr<ViewerPort> port_;
  Telling end_;
  bool under_way_ = false;  // a piece that was not taken yet
};

// One piece of output is under way at a time, and while it is the log fills, as it does while a
// socket writes.
class RemoteSeat final : public ViewerPort {
 public:
  static constexpr std::size_t kCallBytes = 256;  // what one costs, about

  RemoteSeat(net::Executor here, Registry::Found found, Viewer& viewer, const Return& request)
      : home_(found.home), mailbox_(std::make_shared<Mailbox>()) {
    mailbox_->viewer = &viewer;
    stand_in_ = std::make_shared<StandIn>(here, mailbox_);
    post(home_, [stand_in = stand_in_, session = std::move(found.session), request] {
      stand_in->attach(session, request);
    });
  }
  ~RemoteSeat() override {
    mailbox_->viewer = nullptr;
    post(home_, [stand_in = std::move(stand_in_)] { stand_in->leave(); });
  }

  bool has_output() const override { return !mailbox_->piece.empty(); }
  Piece take() override {
    taken_.swap(mailbox_->piece);
    mailbox_->piece.clear();
    post(home_, [stand_in = stand_in_] { stand_in->piece_taken(); });
    return {mailbox_->piece_end, taken_};
  }
  void ack(std::uint64_t end) override {
    call([end](ViewerPort& port) { port.ack(end); });
  }
  void input(std::uint64_t seq, std::string_view utf8) override {
    mailbox_->last_seq = seq;
    mailbox_->input_bytes += utf8.size();
    call([seq, text = std::string(utf8)](ViewerPort& port) { port.input(seq, text); });
  }
  void resize(protocol::Size size) override {
    call([size](ViewerPort& port) { port.resize(size); });
  }
  void ping(std::uint64_t id) override {
    call([id](ViewerPort& port) { port.ping(id); });
  }
  // Calls count too, so that a client that sends without end is not read without end.
  std::size_t input_backlog() const override {
    return mailbox_->input_bytes + mailbox_->calls.load(std::memory_order_relaxed) * kCallBytes;
  }
  void set_acks_unread(bool unread) override {
    call([unread](ViewerPort& port) { port.set_acks_unread(unread); });
  }
  void hang_up() override {
    call([](ViewerPort& port) { port.hang_up(); });
  }
  void end_seen() override {
    call([](ViewerPort& port) { port.end_seen(); });
  }

 private:
  template <class Call>
  void call(Call what) {
    mailbox_->calls.fetch_add(1, std::memory_order_relaxed);
    post(home_, [stand_in = stand_in_, box = mailbox_, what = std::move(what)] {
      box->calls.fetch_sub(1, std::memory_order_relaxed);
      stand_in->with_port(what);
    });
  }

  net::Executor home_;
  std::shared_ptr<Mailbox> mailbox_;
  std::shared_ptr<StandIn> stand_in_;
  std::string taken_;
};

}  // namespace

base::Result<void> attach(const Registry& registry, const net::Executor& here, Viewer& viewer,
                          const protocol::Attach& request, std::unique_ptr<ViewerPort>& port) {
  auto found = registry.find(request.session, request.token, request.watch);
  if (!found) return std::unexpected(base::failure::no_such_session());
  const Return wanted{request.watch, request.received, request.size, request.client, request.take};
  if (found->home != here) {
    port = std::make_unique<RemoteSeat>(here, std::move(*found), viewer, wanted);
    return {};
  }
  const auto session = found->session.lock();
  if (!session) return std::unexpected(base::failure::no_such_session());
  return session->attach(viewer, wanted, port);
}

}  // namespace sallyport::session
