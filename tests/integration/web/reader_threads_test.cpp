#include "net/reader_threads.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include <array>
#include <boost/asio/post.hpp>
#include <csignal>
#include <future>
#include <stdexcept>

namespace sallyport::net {
namespace {

TEST(ReaderThreads, AreNamedAndDeafToBrokenPipes) {
  ReaderThreads readers(2);
  readers.start();
  for (auto& reader : readers.all()) {
    std::promise<std::pair<std::string, bool>> seen;
    asio::post(reader->executor(), [&] {
      std::array<char, 16> name{};
      pthread_getname_np(pthread_self(), name.data(), name.size());
      sigset_t blocked;
      pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
      seen.set_value({name.data(), sigismember(&blocked, SIGPIPE) == 1});
    });
    EXPECT_EQ(seen.get_future().get(),
              std::make_pair("reader-" + std::to_string(reader->number()), true));
  }
  sigset_t mine;
  pthread_sigmask(SIG_BLOCK, nullptr, &mine);
  EXPECT_EQ(sigismember(&mine, SIGPIPE), 0) << "the starting thread keeps its own mask";
}

TEST(ReaderThreads, ZeroMeansOnePerCore) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  EXPECT_EQ(ReaderThreads(0).all().size(), cores);
}

TEST(ReaderThreads, TheLeastLoadedIsChosen) {
  ReaderThreads readers(3);
  readers.all()[0]->add_load(2);
  readers.all()[1]->add_load(1);
  readers.all()[2]->add_load(2);
  EXPECT_EQ(readers.least_loaded().number(), 1U);
  readers.all()[1]->add_load(2);
  readers.all()[2]->add_load(-1);
  EXPECT_EQ(readers.least_loaded().number(), 2U);
}

TEST(ReaderThreads, StoppingTwiceOrUnstartedIsNoHarm) {
  ReaderThreads readers(1);
  readers.stop();
  readers.stop();
}

TEST(ReaderThreadsDeathTest, AnExceptionThatEscapesAHandlerEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        ReaderThreads readers(1);
        readers.start();
        asio::post(readers.all()[0]->executor(), [] { throw std::logic_error("our own mistake"); });
        pause();
      },
      "our own mistake");
}

}  // namespace
}  // namespace sallyport::net
