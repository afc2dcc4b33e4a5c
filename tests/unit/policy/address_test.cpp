#include <gtest/gtest.h>

#include "policy/rules.h"

namespace sallyport::policy {
namespace {

TEST(Address, takes_strict_literals) {
  struct Row {
    const char* written;
    const char* text;
  };
  for (const Row& row : {
           Row{"10.0.0.5", "10.0.0.5"},
           Row{"0.0.0.0", "0.0.0.0"},
           Row{"255.255.255.255", "255.255.255.255"},
           Row{"::1", "::1"},
           Row{"::", "::"},
           Row{"FD00::0003", "fd00::3"},
           Row{"2001:db8:0:0:0:0:0:1", "2001:db8::1"},
           Row{"::ffff:127.0.0.1", "127.0.0.1"},
           Row{"::ffff:7f00:1", "127.0.0.1"},
           Row{"64:ff9b::10.0.0.5", "64:ff9b::a00:5"},
       }) {
    const auto address = Address::parse(row.written);
    ASSERT_TRUE(address.has_value()) << row.written;
    EXPECT_EQ(address->text(), row.text);
  }
}

TEST(Address, refuses_every_other_spelling) {
  for (const char* written : {"",
                              " ",
                              "127.1",
                              "0",
                              "2130706433",
                              "0x7f.0.0.1",
                              "0x7f000001",
                              "0177.0.0.1",
                              "010.0.0.5",
                              "127.0.0.01",
                              "127.0.0.1.",
                              "127.0.0.1 ",
                              " 127.0.0.1",
                              "127.0.0.256",
                              "127.0.0",
                              "1.2.3.4.5",
                              "::1%lo",
                              "fe80::1%eth0",
                              "[::1]",
                              ":::",
                              "1::2::3",
                              "12345::",
                              "::ffff:127.0.0.1.2",
                              "127。0。0。1",
                              "localhost"}) {
    EXPECT_FALSE(Address::parse(written).has_value()) << written;
  }
  EXPECT_FALSE(Address::parse(std::string_view("10.0.0.5\0x", 10)).has_value());
  EXPECT_FALSE(Address::parse(std::string(10'000, '1')).has_value());
}

TEST(Address, knows_ipv4_in_its_mapped_form) {
  EXPECT_EQ(Address::v4({127, 0, 0, 1}), Address::parse("127.0.0.1"));
  EXPECT_EQ(Address::v4({127, 0, 0, 1}), Address::parse("::ffff:127.0.0.1"));
  EXPECT_TRUE(Address::parse("10.0.0.5")->is_v4());
  EXPECT_FALSE(Address::parse("::1")->is_v4());
  EXPECT_FALSE(Address::parse("::10.0.0.5")->is_v4());
}

TEST(Network, contains_the_addresses_of_its_prefix) {
  struct Row {
    const char* network;
    const char* address;
    bool inside;
  };
  for (const Row& row : {
           Row{"10.0.0.0/8", "10.255.255.255", true},
           Row{"10.0.0.0/8", "11.0.0.0", false},
           Row{"10.0.0.0/8", "::ffff:10.1.2.3", true},
           Row{"10.0.0.5", "10.0.0.5", true},
           Row{"10.0.0.5", "10.0.0.4", false},
           Row{"10.0.0.128/25", "10.0.0.127", false},
           Row{"10.0.0.128/25", "10.0.0.128", true},
           Row{"172.16.0.0/12", "172.31.255.255", true},
           Row{"172.16.0.0/12", "172.32.0.0", false},
           Row{"0.0.0.0/0", "8.8.8.8", true},
           Row{"0.0.0.0/0", "2001:db8::1", false},
           Row{"::/0", "2001:db8::1", true},
           Row{"::/0", "8.8.8.8", false},
           Row{"[fd00::]/8", "fdff::1", true},
           Row{"fd00::/8", "fe00::1", false},
           Row{"fe80::/10", "febf::1", true},
           Row{"fe80::/10", "fec0::1", false},
           Row{"::ffff:10.0.0.0/104", "10.1.1.1", true},
       }) {
    const auto network = Network::parse(row.network);
    ASSERT_TRUE(network.has_value()) << network.error();
    EXPECT_EQ(network->contains(*Address::parse(row.address)), row.inside)
        << row.network << " " << row.address;
  }
}

TEST(Network, says_what_is_wrong_with_it) {
  struct Row {
    const char* written;
    const char* error;
  };
  for (const Row& row : {
           Row{"10.0.0.5/8", "\"10.0.0.5/8\" has bits beyond its prefix; write 10.0.0.0/8."},
           Row{"fd00::1/8", "\"fd00::1/8\" has bits beyond its prefix; write fd00::/8."},
           Row{"10.0.0.0/33", "The prefix of \"10.0.0.0/33\" must be 0 to 32."},
           Row{"10.0.0.0/", "The prefix of \"10.0.0.0/\" must be 0 to 32."},
           Row{"10.0.0.0/-1", "The prefix of \"10.0.0.0/-1\" must be 0 to 32."},
           Row{"10.0.0.0/255.0.0.0", "The prefix of \"10.0.0.0/255.0.0.0\" must be 0 to 32."},
           Row{"[fd00::]/129", "The prefix of \"[fd00::]/129\" must be 0 to 128."},
           Row{"10.0/8", "\"10.0/8\" is not an address or a network."},
           Row{"db-3/8", "\"db-3/8\" is not an address or a network."},
       }) {
    const auto network = Network::parse(row.written);
    ASSERT_FALSE(network.has_value()) << row.written;
    EXPECT_EQ(network.error(), row.error);
  }
}

}  // namespace
}  // namespace sallyport::policy
