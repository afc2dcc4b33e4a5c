// How a terminal socket comes to its session: what happens between `open` and `opened`, or between
// `attach` and `attached`.
#include <poll.h>

#include <boost/asio/redirect_error.hpp>
#include <exception>
#include <utility>

#include "session/remote_seat.h"
#include "web/terminal_socket.h"

namespace sallyport::web {

namespace asio = boost::asio;
namespace failure = base::failure;

net::Task<> TerminalSocket::login(std::shared_ptr<TerminalSocket> self, protocol::Open request) {
  const auto started = Clock::now();
  const auto asked = request.size;
  base::Result<std::shared_ptr<session::Session>> opened;
  try {
    opened = co_await self->opener_.open(std::move(request), *self, self->closer_);
  } catch (const std::exception& mistake) {
    self->log_.error("login.exception", {{"what", mistake.what()}});
    opened = std::unexpected(failure::internal_error());
  }
  if (self->phase_ != Phase::kOpening || !self->open_) {  // nobody waits for it any more
    if (opened) (*opened)->hang_up();
    co_return;
  }
  if (!opened) {
    self->fail(opened.error());
    co_return;
  }
  self->phase_ = Phase::kRunning;
  auto& session = **opened;
  const auto& known = session.description();
  self->session_ = known.id;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
  self->log_.info("session.opened", {{"session", known.id},
                                     {"peer", self->peer_},
                                     {"host", known.host},
                                     {"port", known.port},
                                     {"username", known.username},
                                     {"ms", took.count()}});
  self->outbox_.push(protocol::Opened{known.id, &session.token(), session.watch_token(), known.host,
                                      known.port, known.username, known.banner, known.algorithms});
  self->port_ = session.open(*self);
  if (self->size_ != asked) self->port_->resize(self->size_);
  self->flush();
}

// A browser that gave up and came back by another socket may have its new `attach` handled before
// the old one; that must not take the keyboard from itself.
bool TerminalSocket::browser_left() {
  pollfd socket{socket_.next_layer().socket().native_handle(), POLLRDHUP, 0};
  return ::poll(&socket, 1, 0) > 0;
}

void TerminalSocket::attach(const protocol::Attach& request) {
  if (browser_left()) return drop();
  phase_ = Phase::kOpening;
  session_ = request.session;
  const auto attached = session::attach(registry_, socket_.get_executor(), *this, request, port_);
  if (!attached) fail(attached.error());
}

void TerminalSocket::on_attached(const protocol::Attached& attached) {
  if (phase_ == Phase::kOpening) {
    phase_ = Phase::kRunning;
    log_.info("session.attached", {{"session", session_}, {"peer", peer_}});
  }
  outbox_.push(attached);
  flush();
}

void TerminalSocket::on_resized(protocol::Size size) {
  outbox_.push_size({size});
  flush();
}

void TerminalSocket::on_pong(const protocol::Pong& pong) {
  outbox_.push_pong(pong);
  flush();
}

void TerminalSocket::progress(base::Stage stage) {
  if (phase_ != Phase::kOpening) return;
  outbox_.push(protocol::Progress{stage});
  flush();
}

net::Task<base::Result<bool>> TerminalSocket::confirm(protocol::HostKeyPrompt prompt) {
  prompt.id = ++prompt_id_;
  outbox_.push(prompt);
  auto answer = co_await await_answer(std::nullopt);
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  co_return *answer->accept;
}

net::Task<base::Result<std::vector<base::Secret>>> TerminalSocket::ask(
    protocol::QuestionsPrompt prompt) {
  // A round that neither asks nor says anything (RFC 4256, 3.2: it must be answered) is not worth a
  // click.
  const bool silent = prompt.name.empty() && prompt.instruction.empty();
  if (prompt.questions.empty() && silent) co_return std::vector<base::Secret>{};
  prompt.id = ++prompt_id_;
  outbox_.push(prompt);
  auto answer = co_await await_answer(prompt.questions.size());
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  co_return std::move(*answer->values);
}

net::Task<base::Result<protocol::Answer>> TerminalSocket::await_answer(
    std::optional<std::size_t> values) {
  const auto limit = options_.prompt_timeout;
  answer_.reset();
  given_up_.reset();
  awaited_ = Awaited{values};
  flush();
  boost::system::error_code ignored;
  prompt_timer_.expires_after(limit);
  if (phase_ == Phase::kOpening && open_) {
    co_await prompt_timer_.async_wait(asio::redirect_error(net::use_task, ignored));
  }
  awaited_.reset();
  if (answer_) co_return std::move(*std::exchange(answer_, std::nullopt));
  if (given_up_) co_return std::unexpected(std::move(*given_up_));
  co_return std::unexpected(failure::prompt_timeout(base::whole_seconds(limit)));
}

void TerminalSocket::give_up(const base::Failure& failure) {
  given_up_ = failure;
  prompt_timer_.cancel();
}

void TerminalSocket::on_answer(protocol::Answer answer) {
  if (!awaited_ || answer.prompt != prompt_id_) return;  // its prompt has ended meanwhile
  const auto values = awaited_->values;
  const bool fits =
      values ? answer.values && answer.values->size() == *values : answer.accept.has_value();
  if (!fits) {
    fail(failure::bad_frame("answer: it does not fit the prompt"));
    return;
  }
  answer_ = std::move(answer);
  awaited_.reset();
  prompt_timer_.cancel();
}

}  // namespace sallyport::web
