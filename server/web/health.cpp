#include "web/health.h"

namespace sallyport::web {

Reply health(bool stopping) {
  Reply reply;
  reply.status = stopping ? 503 : 200;
  reply.type = "application/json";
  reply.fields = {{"Cache-Control", "no-store"}};
  reply.text = stopping ? R"({"status":"stopping"})" : R"({"status":"ok"})";
  return reply;
}

}  // namespace sallyport::web
