#pragma once

#include <memory>
#include <optional>

#include "session/session.h"
#include "session/viewer_port.h"

namespace sallyport::session {

// A viewer's seat at a session on its own reader thread: no hop, no copy. The one who has the
// keyboard paces the shell by its acks. A watcher never does: it gets no more than a window beyond
// what it acknowledged, and is moved forward when it falls behind what is kept.
class Seat final : public ViewerPort {
 public:
  enum class Role { kKeyboard, kWatcher };

  Seat(std::shared_ptr<Session> session, Viewer& viewer, Role role, std::uint64_t from)
      : session_(std::move(session)), viewer_(viewer), role_(role), cursor_(from), acked_(from) {}
  ~Seat() override;

  bool has_output() const override;
  Piece take() override;
  void ack(std::uint64_t end) override;
  void input(std::uint64_t seq, std::string_view utf8) override;
  void resize(protocol::Size size) override;
  void ping(std::uint64_t id) override;
  std::size_t input_backlog() const override;
  void set_acks_unread(bool unread) override;
  void hang_up() override;
  void end_seen() override { end_seen_ = true; }

  // ---- for the session
  Viewer& viewer() const { return viewer_; }
  // The terminal has another size from here on: said when all before it was taken.
  void resized(protocol::Size size);
  // It is nobody's any more, and the viewer is told why.
  void lose(const base::Failure& why);

 private:
  bool has_keyboard() const { return role_ == Role::kKeyboard && !lost_; }
  void refuse(std::string_view reason);
  bool size_due() const { return size_ && cursor_ >= size_at_; }

  std::shared_ptr<Session> session_;
  Viewer& viewer_;
  Role role_;
  std::uint64_t cursor_;  // all before it was taken
  std::uint64_t acked_;
  std::optional<protocol::Size> size_;  // to be told at size_at_
  std::uint64_t size_at_ = 0;
  bool lost_ = false;
  bool end_seen_ = false;
};

}  // namespace sallyport::session
