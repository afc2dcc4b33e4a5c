#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace sallyport::web {

namespace beast = boost::beast;
namespace http = beast::http;

// A whole request as it was read. No route takes a body: one that came was read and dropped.
using Request = http::request<http::string_body>;

}  // namespace sallyport::web
