#include "policy/headcount.h"

#include <mutex>
#include <unordered_map>
#include <utility>

namespace sallyport::policy {

struct Headcount::State {
  std::size_t in_all;
  std::size_t by_client;
  std::mutex mutex;
  std::size_t taken = 0;
  std::unordered_map<std::string, std::size_t> clients;

  State(std::size_t all, std::size_t each) : in_all(all), by_client(each) {}

  void give_back(const std::string& client) {
    const std::lock_guard lock(mutex);
    --taken;
    if (client.empty()) return;
    const auto found = clients.find(client);
    if (--found->second == 0) clients.erase(found);
  }
};

Headcount::Headcount(std::size_t in_all, std::size_t by_client)
    : state_(std::make_shared<State>(in_all, by_client)) {}

Headcount::Taken Headcount::take(const std::string& client) {
  struct Seat {
    std::shared_ptr<State> state;
    std::string client;
    Seat(std::shared_ptr<State> of, std::string whose)
        : state(std::move(of)), client(std::move(whose)) {}
    ~Seat() { state->give_back(client); }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
  };
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->taken >= state_->in_all) return {nullptr, Full::kInAll};
    if (!client.empty()) {
      const auto found = state_->clients.find(client);
      if (found != state_->clients.end() && found->second >= state_->by_client) {
        return {nullptr, Full::kOfClient};
      }
      ++state_->clients[client];
    }
    ++state_->taken;
  }
  return {std::make_shared<const Seat>(state_, client), Full::kNo};
}

std::size_t Headcount::size() const {
  const std::lock_guard lock(state_->mutex);
  return state_->taken;
}

std::size_t Headcount::limit() const { return state_->in_all; }
std::size_t Headcount::limit_by_client() const { return state_->by_client; }

}  // namespace sallyport::policy
