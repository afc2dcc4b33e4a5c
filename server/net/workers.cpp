#include "net/workers.h"

namespace sallyport::net {

Workers::Workers(unsigned threads) : pool_(threads) {}

Workers::~Workers() {
  pool_.stop();
  pool_.join();
}

}  // namespace sallyport::net
