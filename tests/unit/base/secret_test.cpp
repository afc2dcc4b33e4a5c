#include "base/secret.h"

#include <gtest/gtest.h>

#include <concepts>
#include <memory>
#include <ostream>
#include <type_traits>

namespace sallyport::base {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

// What cannot be said by accident.
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);
static_assert(!std::is_convertible_v<std::string, Secret>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!Printable<Secret>);
static_assert(!std::equality_comparable<Secret>);

constexpr std::string_view kShort = "hunter2";  // inside a std::string
const std::string kLong(100, 'k');              // on the heap

// The object's own bytes, where a short string lives.
template <class T>
bool has_inside(const T& object, std::string_view what) {
  const std::string_view bytes(reinterpret_cast<const char*>(&object), sizeof object);
  return bytes.find(what) != std::string_view::npos;
}

TEST(Secret, reveals_what_it_was_given) {
  EXPECT_EQ(Secret(std::string(kShort)).reveal(), kShort);
  EXPECT_EQ(Secret(kLong).reveal(), kLong);
  EXPECT_TRUE(Secret().empty());
}

TEST(Secret, leaves_nothing_in_the_string_it_was_taken_from) {
  std::string short_one(kShort);
  const Secret secret = Secret::take(short_one);
  EXPECT_EQ(secret.reveal(), kShort);
  EXPECT_TRUE(short_one.empty());
  EXPECT_FALSE(has_inside(short_one, kShort));
  EXPECT_FALSE(has_inside(short_one, "unter2"));
}

TEST(Secret, leaves_nothing_where_it_was_moved_from) {
  Secret one{std::string(kShort)};
  Secret two(std::move(one));
  EXPECT_FALSE(has_inside(one, "unter2"));
  EXPECT_EQ(two.reveal(), kShort);
  Secret three{kLong};
  three = std::move(two);
  EXPECT_FALSE(has_inside(two, "unter2"));
  EXPECT_EQ(three.reveal(), kShort);
  Secret& same = three;
  three = std::move(same);
  EXPECT_EQ(three.reveal(), kShort);
}

TEST(Secret, wipes_its_bytes_when_it_goes) {
  alignas(Secret) unsigned char place[sizeof(Secret)];
  auto* secret = std::construct_at(reinterpret_cast<Secret*>(place), std::string(kShort));
  EXPECT_TRUE(has_inside(place, kShort));
  std::destroy_at(secret);
  EXPECT_FALSE(has_inside(place, "unter2"));
}

TEST(Secret, wipe_overwrites_what_an_earlier_longer_content_left) {
  std::string bytes = kLong;
  bytes.resize(1);
  wipe(bytes);
  EXPECT_TRUE(bytes.empty());
  // Growing without writing shows what the buffer holds.
  bytes.resize_and_overwrite(kLong.size(), [](char*, std::size_t size) { return size; });
  EXPECT_EQ(bytes.find('k'), std::string::npos);
}

TEST(Secret, equals_only_the_same_bytes) {
  const Secret secret{std::string(kShort)};
  EXPECT_TRUE(secret.equals("hunter2"));
  EXPECT_FALSE(secret.equals("hunter3"));
  EXPECT_FALSE(secret.equals("Hunter2"));
  EXPECT_FALSE(secret.equals("hunter"));
  EXPECT_FALSE(secret.equals("hunter22"));
  EXPECT_FALSE(secret.equals(""));
  EXPECT_TRUE(Secret().equals(""));
}

TEST(Secret, is_duplicated_only_out_loud) {
  const Secret one{kLong};
  Secret two = one.duplicate();
  EXPECT_EQ(two.reveal(), one.reveal());
  two = Secret();
  EXPECT_EQ(one.reveal(), kLong);
}

}  // namespace
}  // namespace sallyport::base
