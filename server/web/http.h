#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string_view>

namespace sallyport::web {

namespace beast = boost::beast;
namespace http = beast::http;

// A whole request as it was read. No route takes a body: one that came was read and dropped.
using Request = http::request<http::string_body>;

// Beast's views as the standard library's; both see the request's own bytes.
inline std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace sallyport::web
