#include "returning_page.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "numbered_lines.h"

namespace sallyport::support {
namespace {

// As the page does: this much is sent without waiting for `accepted`.
constexpr std::size_t kUnaccepted = 32 * 1024;

constexpr std::uint64_t kLongestPiece = 3000;

constexpr std::chrono::milliseconds kMoment{50};

// A page may come back to an older place than it has shown: its terminal had not parsed more.
constexpr std::uint64_t kFurthestBack = 50'000;

}  // namespace

void CutCounts::add(const CutCounts& other) {
  resets += other.resets;
  half_closes += other.half_closes;
  silences += other.silences;
  in_own_frame += other.in_own_frame;
  unanswered += other.unanswered;
  in_their_frame += other.in_their_frame;
  in_sequence += other.in_sequence;
}

ReturningPage::ReturningPage(WebSocketOptions options, Ticket ticket, WebSocketClient browser,
                             std::uint64_t begin, std::uint64_t typed, Plan plan, unsigned seed)
    : options_(std::move(options)),
      ticket_(std::move(ticket)),
      browser_(std::move(browser)),
      begin_(begin),
      shown_(begin),
      seq_(typed),
      typable_(plan.input - TypedLines::length()),
      plan_(std::move(plan)),
      random_(seed) {}

WebSocketClient::Json ReturningPage::run() {
  for (const auto place : plan_.cuts) {
    wait(begin_ + place);
    cut();
    come_back();
  }
  typable_ = plan_.input;
  while (!browser_->has_event()) {
    wait(begin_ + plan_.output + 1);
    if (!browser_->open() && !browser_->has_event()) throw std::runtime_error("the socket ended");
  }
  auto exited = browser_->expect("exited");
  if (browser_->close_code() != 1000) throw std::runtime_error("another close code than 1000");
  if (shown_ != begin_ + plan_.output) {
    throw std::runtime_error("the output ended after " + std::to_string(shown_ - begin_) +
                             " bytes, not " + std::to_string(plan_.output));
  }
  return exited;
}

void ReturningPage::show() {
  const auto start = browser_->output_start();
  const auto text = browser_->take_output();
  if (text.empty()) return;
  // The first of them may come again, when it went back; it must be the same.
  const std::uint64_t skipped = start < begin_ ? begin_ - start : 0;
  if (skipped < text.size()) {
    const auto numbered = std::string_view(text).substr(skipped);
    const auto at = NumberedLines::differs(start + skipped - begin_, numbered);
    if (at != std::string_view::npos) {
      throw std::runtime_error(
          "at byte " + std::to_string(start + skipped + at - begin_) + " of the lines came " +
          WebSocketClient::Json(numbered.substr(at, 60))
              .dump(-1, ' ', true, WebSocketClient::Json::error_handler_t::replace));
    }
  }
  shown_ = std::max(shown_, start + text.size());
}

std::string ReturningPage::next_piece() {
  const std::uint64_t left = typable_ - typed_;
  std::uint64_t size = std::min(left, 1 + random(kLongestPiece));
  while (size < left && !TypedLines::begins_character(typed_ + size)) ++size;
  auto text = TypedLines::bytes(typed_, size);
  typed_ += size;
  return text;
}

void ReturningPage::type_more() {
  // As far as the output has come, so that both directions are busy all the time.
  const double part = static_cast<double>(shown_ - begin_) / static_cast<double>(plan_.output);
  const auto due =
      part >= 1 ? typable_ : static_cast<std::uint64_t>(part * static_cast<double>(typable_));
  while (typed_ < due && unaccepted_bytes_ < kUnaccepted && browser_->open()) {
    unaccepted_.push_back({++seq_, next_piece()});
    unaccepted_bytes_ += unaccepted_.back().text.size();
    send(unaccepted_.back());
  }
}

void ReturningPage::send(const Input& input) {
  browser_->send({{"type", "input"}, {"seq", input.seq}, {"data", input.text}});
}

void ReturningPage::forget_accepted(std::uint64_t seq) {
  while (!unaccepted_.empty() && unaccepted_.front().seq <= seq) {
    unaccepted_bytes_ -= unaccepted_.front().text.size();
    unaccepted_.pop_front();
  }
}

void ReturningPage::wait(std::uint64_t output) {
  while (browser_->open() && !browser_->has_event() && shown_ < output) {
    type_more();
    const auto accepted = browser_->accepted();
    browser_->wait_until(
        [&] {
          return !browser_->output().empty() || browser_->accepted() != accepted ||
                 browser_->has_event() || !browser_->open();
        },
        "anything");
    forget_accepted(browser_->accepted());
    show();
  }
}

// Some bytes of one have come and not all, unless nothing comes at all for a moment.
void ReturningPage::wait_inside_a_frame() {
  const auto limit = std::chrono::steady_clock::now() + kMoment;
  browser_->wait_until(
      [&] { return browser_->inside_frame() || std::chrono::steady_clock::now() > limit; },
      "a frame's beginning");
  if (browser_->inside_frame()) ++counts_.in_their_frame;
  show();
}

void ReturningPage::cut() {
  if (browser_->has_event()) throw std::runtime_error("unasked: " + browser_->texts().back());
  if (!browser_->open()) throw std::runtime_error("the gateway ended the socket");
  if (random(2) == 0) wait_inside_a_frame();
  const auto way = random(4);
  if (way == 3 && typed_ < typable_) {
    unaccepted_.push_back({++seq_, next_piece()});
    const auto& input = unaccepted_.back();
    unaccepted_bytes_ += input.text.size();
    const WebSocketClient::Json frame{{"type", "input"}, {"seq", input.seq}, {"data", input.text}};
    const auto bytes = WebSocketClient::frame_bytes(1, true, frame.dump());
    browser_->send_raw(std::string_view(bytes).substr(0, 1 + random(bytes.size())));
    ++counts_.in_own_frame;
    if (random(2) == 0) return browser_->reset();
    browser_->half_close();
  } else if (way == 2) {
    ++counts_.silences;
    browser_->set_reading(false);
  } else if (way == 1) {
    ++counts_.half_closes;
    browser_->half_close();
  } else {
    ++counts_.resets;
    return browser_->reset();
  }
  silent_.push_back(std::move(*browser_));
}

std::uint64_t ReturningPage::place_to_go_on() {
  std::uint64_t place = shown_;
  if (random(3) == 0) place -= std::min(place - begin_, random(kFurthestBack));
  while (!NumberedLines::begins_character(place - begin_)) --place;
  if (NumberedLines::inside_sequence(place - begin_)) ++counts_.in_sequence;
  return place;
}

void ReturningPage::come_back() {
  for (;;) {
    auto options = options_;
    // Small ones, so that frames come in many pieces.
    if (random(2) == 0) options.receive_buffer = 8 * 1024;
    browser_.emplace(options);
    if (browser_->upgrade() != 101) throw std::runtime_error(browser_->refusal());
    const auto place = place_to_go_on();
    browser_->send({{"type", "attach"},
                    {"session", ticket_.session},
                    {"token", ticket_.token},
                    {"received", place},
                    {"cols", 80},
                    {"rows", 24}});
    if (random(20) == 0) {
      ++counts_.unanswered;
      browser_->reset();
      continue;
    }
    const auto attached = browser_->expect("attached");
    if (attached.at("start") != place) throw std::runtime_error("skipped: " + attached.dump());
    silent_.clear();
    forget_accepted(attached.at("input").get<std::uint64_t>());
    for (const auto& input : unaccepted_) send(input);
    return;
  }
}

std::uint64_t ReturningPage::random(std::uint64_t below) {
  return std::uniform_int_distribution<std::uint64_t>(0, below - 1)(random_);
}

}  // namespace sallyport::support
