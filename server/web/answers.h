#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/http.h"
#include "web/origin.h"
#include "web/proxies.h"
#include "web/refusal.h"
#include "web/reply.h"
#include "web/router.h"

namespace sallyport::web {

class Assets;
class Pages;

// What a request is answered with, or the news that it may have the socket.
struct Answer {
  Reply reply = {};
  std::string_view refused =
      {};  // why it was refused, for the log; empty for all that was asked properly
  bool upgrade = false;
  bool metrics = false;  // the reply is made by whoever has the figures
  bool close = false;    // the connection is of no more use
};

// Decides about requests, one by one; never waits and keeps nothing.
class Answers {
 public:
  // `base_path`: what stands before every route, "/" or like "/ssh/". `origins` as in origin.h;
  // throws std::invalid_argument when one of them is none.
  Answers(const Pages& pages, const Assets& assets, const std::vector<std::string>& origins,
          std::span<const Route> routes, std::string base_path)
      : pages_(pages),
        assets_(assets),
        origins_(origins),
        routes_(routes),
        base_path_(std::move(base_path)) {}

  Answer to(const Request& request, const Caller& caller, bool stopping) const;
  // To something that could not be read as a request, or that came at the wrong moment.
  Answer refuse(const Refusal& refusal, bool html = false) const;

 private:
  const Pages& pages_;
  const Assets& assets_;
  OriginRule origins_;
  std::span<const Route> routes_;
  std::string base_path_;
};

}  // namespace sallyport::web
