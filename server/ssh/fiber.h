#pragma once

#include <boost/context/fiber.hpp>
#include <boost/context/preallocated.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <functional>
#include <utility>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SALLYPORT_FIBER_ASAN 1
#include <sanitizer/common_interface_defs.h>
#endif
#if __has_feature(thread_sanitizer)
#define SALLYPORT_FIBER_TSAN 1
#include <sanitizer/tsan_interface.h>
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(SALLYPORT_FIBER_ASAN)
#define SALLYPORT_FIBER_ASAN 1
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__SANITIZE_THREAD__) && !defined(SALLYPORT_FIBER_TSAN)
#define SALLYPORT_FIBER_TSAN 1
#include <sanitizer/tsan_interface.h>
#endif

namespace sallyport::ssh {

// A call that can be left in the middle and gone on with later, on a stack of its own: libssh2 asks
// for the answers to a host's questions from inside a C function, and they take minutes. Lives on
// one thread.
//
// The body must be let run to its end: it has C frames on its stack, which cannot be unwound. Tell
// it to give up, then resume() until done().
class Fiber {
 public:
  // 128 KiB: a key re-exchange inside OpenSSL fits several times. Pages not touched cost nothing.
  static constexpr std::size_t kStackBytes = 128 * 1024;

  explicit Fiber(std::function<void()> body) : body_(std::move(body)) {
    boost::context::protected_fixedsize_stack allocator(kStackBytes);
    const boost::context::stack_context stack = allocator.allocate();
#ifdef SALLYPORT_FIBER_ASAN
    inside_bottom_ = static_cast<const char*>(stack.sp) - stack.size;
    inside_size_ = stack.size;
#endif
    inside_ = boost::context::fiber(std::allocator_arg,
                                    boost::context::preallocated(stack.sp, stack.size, stack),
                                    allocator, [this](boost::context::fiber&& caller) {
                                      entered();
                                      outside_ = std::move(caller);
                                      body_();
                                      done_ = true;
                                      leaving(true);
                                      return std::move(outside_);
                                    });
#ifdef SALLYPORT_FIBER_TSAN
    tsan_inside_ = __tsan_create_fiber(0);
#endif
  }
  ~Fiber() {
#ifdef SALLYPORT_FIBER_TSAN
    __tsan_destroy_fiber(tsan_inside_);
#endif
  }
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // From outside: runs the body until it waits or ends.
  void resume() {
#ifdef SALLYPORT_FIBER_ASAN
    void* fake_stack = nullptr;
    __sanitizer_start_switch_fiber(&fake_stack, inside_bottom_, inside_size_);
#endif
#ifdef SALLYPORT_FIBER_TSAN
    tsan_outside_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(tsan_inside_, 0);
#endif
    inside_ = std::move(inside_).resume();
#ifdef SALLYPORT_FIBER_ASAN
    __sanitizer_finish_switch_fiber(fake_stack, nullptr, nullptr);
#endif
  }
  // From inside: back to whoever called resume().
  void wait() {
    leaving(false);
    outside_ = std::move(outside_).resume();
    entered();
  }
  bool done() const { return done_; }

 private:
  void entered() {
#ifdef SALLYPORT_FIBER_ASAN
    __sanitizer_finish_switch_fiber(fake_stack_, &outside_bottom_, &outside_size_);
#endif
  }
  void leaving([[maybe_unused]] bool for_good) {
#ifdef SALLYPORT_FIBER_ASAN
    __sanitizer_start_switch_fiber(for_good ? nullptr : &fake_stack_, outside_bottom_,
                                   outside_size_);
#endif
#ifdef SALLYPORT_FIBER_TSAN
    __tsan_switch_to_fiber(tsan_outside_, 0);
#endif
  }

  std::function<void()> body_;
  boost::context::fiber inside_;
  boost::context::fiber outside_;
  bool done_ = false;
#ifdef SALLYPORT_FIBER_ASAN
  void* fake_stack_ = nullptr;
  const void* outside_bottom_ = nullptr;
  std::size_t outside_size_ = 0;
  const void* inside_bottom_ = nullptr;
  std::size_t inside_size_ = 0;
#endif
#ifdef SALLYPORT_FIBER_TSAN
  void* tsan_inside_ = nullptr;
  void* tsan_outside_ = nullptr;
#endif
};

}  // namespace sallyport::ssh
