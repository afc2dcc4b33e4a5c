#include <gtest/gtest.h>

#include "networks.h"

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  sallyport::support::enter_own_network();
  return RUN_ALL_TESTS();
}
