#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/resume_fixture.h"

namespace sallyport::support {

// The hosts that a fault needs: one that does everything, and for each stage of a login ones that
// fall silent, hang up, or reset there.
class FaultHosts {
 public:
  FaultHosts();
  unsigned sound() const { return sound_->port(); }
  // One of its own for who takes no packet any more: nothing tells it that the other side is gone,
  // so for a while nobody can connect from the same port again.
  unsigned deaf() const { return deaf_->port(); }
  unsigned asking() const { return asking_->port(); }
  unsigned unknown() const { return unknown_->port(); }  // whose key is never accepted

  struct Failing {
    std::string name;
    std::unique_ptr<ScriptedSshServer> server;
  };
  const std::vector<Failing>& silent() const { return silent_; }
  const std::vector<Failing>& ending() const { return ending_; }

 private:
  std::unique_ptr<ScriptedSshServer> sound_;
  std::unique_ptr<ScriptedSshServer> deaf_;
  std::unique_ptr<ScriptedSshServer> asking_;
  std::unique_ptr<ScriptedSshServer> unknown_;
  std::vector<Failing> silent_;
  std::vector<Failing> ending_;
};

// A place in a browser's life: how it gets there. Then its socket ends.
struct BrowserStage {
  using Connect = std::function<WebSocketClient()>;
  std::string name;
  std::function<WebSocketClient(const Connect& tcp)> reach;
};
std::vector<BrowserStage> browser_stages(const FaultHosts& hosts);

// What a host does under a browser that stays; the gateway says so and closes.
struct HostFault {
  std::string name;
  std::function<WebSocketClient(const BrowserStage::Connect& tcp)> begin;
};
std::vector<HostFault> host_faults(const FaultHosts& hosts);

}  // namespace sallyport::support
