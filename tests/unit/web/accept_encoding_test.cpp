#include "web/accept_encoding.h"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::web {
namespace {

struct Case {
  std::string field;
  Coding chosen;
};
void PrintTo(const Case& c, std::ostream* out) { *out << '"' << c.field << '"'; }

class AcceptEncoding : public testing::TestWithParam<Case> {};

TEST_P(AcceptEncoding, IsNegotiatedByWeight) {
  EXPECT_EQ(choose_coding(GetParam().field, true, true), GetParam().chosen);
}

INSTANTIATE_TEST_SUITE_P(
    Table, AcceptEncoding,
    testing::Values(
        Case{"gzip, deflate, br, zstd", Coding::kBrotli}, Case{"br", Coding::kBrotli},
        Case{"gzip", Coding::kGzip}, Case{"GZIP", Coding::kGzip}, Case{"x-gzip", Coding::kGzip},
        Case{"gzip;q=1.0, br;q=0.9", Coding::kGzip},
        Case{"gzip;q=0.5, br;q=0.501", Coding::kBrotli}, Case{"br;q=0, gzip", Coding::kGzip},
        Case{"br;q=0.000,gzip;q=0", Coding::kIdentity}, Case{"", Coding::kIdentity},
        Case{"deflate, zstd", Coding::kIdentity}, Case{"*", Coding::kBrotli},
        Case{"*;q=0", Coding::kIdentity}, Case{"br;q=0, *", Coding::kGzip},
        Case{"identity", Coding::kIdentity}, Case{"identity, gzip;q=0.5", Coding::kIdentity},
        Case{"identity;q=0.5, gzip;q=0.5", Coding::kGzip},
        Case{" br ; q=0.4 , gzip ; Q=0.6 ", Coding::kGzip}, Case{"br;q=2", Coding::kIdentity},
        Case{"br;q=1.5, gzip;q=0.1", Coding::kGzip}, Case{"br;q=0.1234", Coding::kIdentity},
        Case{"br;q=", Coding::kIdentity}, Case{"br;q", Coding::kIdentity},
        Case{"br;level=9", Coding::kIdentity}, Case{"brr, gzipp", Coding::kIdentity},
        Case{",,;q=1,gzip", Coding::kGzip}, Case{"br;q=-1", Coding::kIdentity}));

TEST(AcceptEncodingForms, OnlyWhatThereIsIsChosen) {
  EXPECT_EQ(choose_coding("br, gzip", true, false), Coding::kGzip);
  EXPECT_EQ(choose_coding("br, gzip", false, true), Coding::kBrotli);
  EXPECT_EQ(choose_coding("br, gzip", false, false), Coding::kIdentity);
  EXPECT_EQ(choose_coding("*", true, false), Coding::kGzip);
}

TEST(AcceptEncodingForms, WithoutTheFieldItIsPlain) {
  EXPECT_EQ(choose_coding(std::nullopt, true, true), Coding::kIdentity);
}

TEST(AcceptEncodingForms, AnEndlessListIsReadOnlyAtItsBeginning) {
  std::string list;
  for (int i = 0; i < 1000; ++i) list += "x,";
  EXPECT_EQ(choose_coding(list + "br", true, true), Coding::kIdentity);
}

}  // namespace
}  // namespace sallyport::web
