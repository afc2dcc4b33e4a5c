#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace sallyport::support {

// A secret as it may lie in memory: several spellings of one thing, each long enough to be no
// accident.
struct Marker {
  std::string name;
  std::vector<std::string> spellings;
};

// A word of 48 random letters, in three spellings: its pieces, so that one whose beginning was
// overwritten is found too.
Marker marker_word(const std::string& name, std::string& word);
// An OpenSSH, PEM or PKCS #8 private key without a passphrase, or the text of one with it: the
// lines of its base64 body and, where it can be opened without a passphrase, its numbers, in the
// byte orders of files and of OpenSSL.
Marker marker_key(const std::string& name, const std::string& private_key);

// Where markers stand in a text; empty: nowhere.
std::string found_in(const std::string& text, const std::vector<Marker>& markers);

// All that process `pid` has in memory and can read itself: every readable mapping of
// /proc/PID/maps, by /proc/PID/mem. Where markers stand in it, with the mapping and what is around;
// empty: nowhere. Throws std::runtime_error with the reason when the machine does not let it be
// read.
std::string found_in_memory(pid_t pid, const std::vector<Marker>& markers);

}  // namespace sallyport::support
