// A stream under TLS, against a plain OpenSSL client on the other end of a socket pair.
#include "net/stream.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/deadline.h"
#include "net/tls_context.h"
#include "support/throwaway_certificate.h"
#include "support/throwaway_keys.h"

namespace sallyport::net {
namespace {

using boost::system::error_code;

// The client's end, blocking, on a thread of its own.
class Client {
 public:
  Client(int fd, std::function<void(SSL*)> talk)
      : thread_([fd, talk = std::move(talk)] {
          const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(
              SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
          const std::unique_ptr<SSL, void (*)(SSL*)> ssl(SSL_new(context.get()), &SSL_free);
          SSL_set_fd(ssl.get(), fd);
          if (SSL_connect(ssl.get()) == 1) talk(ssl.get());
          ::close(fd);
        }) {}
  ~Client() { thread_.join(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

 private:
  std::thread thread_;
};

class TlsStream : public testing::Test {
 public:
  TlsStream() {
    std::signal(SIGPIPE, SIG_IGN);  // reader threads block it
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    theirs_ = ends[1];
    Stream::Socket socket(context_.get_executor());
    socket.assign({AF_UNIX, 0}, ends[0]);
    stream_ = std::make_unique<Stream>(std::move(socket));
    const auto files = support::make_certificate_files(folder_.path(), "gate");
    tls_ = load_tls(files)->context;
  }
  void run(Task<> task) {
    asio::co_spawn(context_, std::move(task), [](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
    });
    context_.run();
  }

  support::TemporaryFolder folder_;
  asio::io_context context_{1};
  int theirs_ = -1;
  std::unique_ptr<Stream> stream_;
  TlsContext tls_;
};

std::string pattern(std::size_t bytes) {
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>('a' + i * 7 % 26);
  return text;
}

TEST_F(TlsStream, BytesInManyBuffersArriveInOrderWhateverTheirSizes) {
  std::string expected;
  std::vector<std::string> parts;
  for (const std::size_t size : {0U, 1U, 4U, 16383U, 16384U, 16385U, 0U, 3U, 200'000U, 7U}) {
    parts.push_back(pattern(size));
    expected += parts.back();
  }
  std::string came;
  {
    const Client client(theirs_, [&](SSL* ssl) {
      std::array<char, 1000> some;
      int got = 0;
      while ((got = SSL_read(ssl, some.data(), some.size())) > 0)
        came.append(some.data(), static_cast<std::size_t>(got));
    });
    run([](TlsStream& self, std::vector<std::string>& from) -> Task<> {
      EXPECT_FALSE(co_await self.stream_->start_tls(self.tls_));
      std::vector<asio::const_buffer> buffers;
      for (const auto& part : from) buffers.push_back(asio::buffer(part));
      error_code error;
      co_await asio::async_write(*self.stream_, buffers, asio::redirect_error(use_task, error));
      EXPECT_FALSE(error);
      self.stream_->end_writing(error);
      self.stream_->close(error);
    }(*this, parts));
  }
  EXPECT_EQ(came, expected);
}

TEST_F(TlsStream, EveryByteIsReadAndTheEndIsTheEnd) {
  const std::string sent = pattern(100'000);
  std::string came;
  {
    const Client client(theirs_, [&](SSL* ssl) {
      SSL_write(ssl, sent.data(), static_cast<int>(sent.size()));
      SSL_shutdown(ssl);
    });
    run([](TlsStream& self, std::string& into) -> Task<> {
      EXPECT_FALSE(co_await self.stream_->start_tls(self.tls_));
      std::array<char, 333> some;
      error_code error;
      for (;;) {
        const auto got = co_await self.stream_->async_read_some(
            asio::buffer(some), asio::redirect_error(use_task, error));
        if (error) break;
        into.append(some.data(), got);
      }
      EXPECT_EQ(error, asio::error::eof);
    }(*this, came));
  }
  EXPECT_EQ(came, sent);
}

TEST_F(TlsStream, AReadThatWaitsEndsWithCancelAndTheNextOneWorks) {
  const Client client(theirs_, [](SSL* ssl) {
    char asked = 0;
    if (SSL_read(ssl, &asked, 1) == 1) SSL_write(ssl, "x", 1);
    SSL_read(ssl, &asked, 1);
  });
  run([](TlsStream& self) -> Task<> {
    EXPECT_FALSE(co_await self.stream_->start_tls(self.tls_));
    char byte = 0;
    error_code error;
    asio::post(self.context_, [&] {
      error_code ignored;
      self.stream_->cancel(ignored);
    });
    co_await self.stream_->async_read_some(asio::buffer(&byte, 1),
                                           asio::redirect_error(use_task, error));
    EXPECT_EQ(error, asio::error::operation_aborted);
    co_await asio::async_write(*self.stream_, asio::buffer("?", 1),
                               asio::redirect_error(use_task, error));
    EXPECT_FALSE(error);
    co_await self.stream_->async_read_some(asio::buffer(&byte, 1),
                                           asio::redirect_error(use_task, error));
    EXPECT_FALSE(error);
    EXPECT_EQ(byte, 'x');
    self.stream_->close(error);
  }(*this));
}

TEST_F(TlsStream, AWriteThatWaitsEndsWithCloseAndNothingIsWrittenAfterIt) {
  const std::string much = pattern(8 * 1024 * 1024);  // more than a socket pair holds
  std::promise<void> done;
  const Client client(theirs_, [&](SSL*) { done.get_future().wait(); });
  run([](TlsStream& self, const std::string& text) -> Task<> {
    EXPECT_FALSE(co_await self.stream_->start_tls(self.tls_));
    error_code error;
    // By then the socket is full.
    const Deadline soon(self.context_.get_executor(), std::chrono::milliseconds(50), [&self] {
      error_code ignored;
      self.stream_->cancel(ignored);
    });
    co_await asio::async_write(*self.stream_, asio::buffer(text),
                               asio::redirect_error(use_task, error));
    EXPECT_EQ(error, asio::error::operation_aborted);
    // A record is half written: what came now would be taken for its rest.
    co_await asio::async_write(*self.stream_, asio::buffer("late", 4),
                               asio::redirect_error(use_task, error));
    EXPECT_EQ(error, asio::error::broken_pipe);
    char byte = 0;
    self.stream_->close(error);
    co_await self.stream_->async_read_some(asio::buffer(&byte, 1),
                                           asio::redirect_error(use_task, error));
    EXPECT_EQ(error, asio::error::operation_aborted) << "the number may be another's by now";
  }(*this, much));
  done.set_value();
}

}  // namespace
}  // namespace sallyport::net
