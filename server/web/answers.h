#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "web/http.h"
#include "web/origin.h"
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
  // `origins` as in origin.h; throws std::invalid_argument when one of them is none.
  Answers(const Pages& pages, const Assets& assets, const std::vector<std::string>& origins,
          std::span<const Route> routes)
      : pages_(pages), assets_(assets), origins_(origins), routes_(routes) {}

  // `secure`: it came by HTTPS.
  Answer to(const Request& request, bool secure, bool stopping) const;
  // To something that could not be read as a request, or that came at the wrong moment.
  Answer refuse(const Refusal& refusal, bool html = false) const;

 private:
  const Pages& pages_;
  const Assets& assets_;
  OriginRule origins_;
  std::span<const Route> routes_;
};

}  // namespace sallyport::web
