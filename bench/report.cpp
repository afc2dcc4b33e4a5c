#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "measure.h"

namespace sallyport::bench {
namespace {

struct Spread {
  double least = 0, median = 0, most = 0;
};

Spread spread(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  return {values.front(), values[values.size() / 2], values.back()};
}

std::string text(const Spread& s) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%10.1f (%.1f-%.1f)", s.median, s.least, s.most);
  return buffer;
}

}  // namespace

void report(const std::vector<Figure>& figures, const std::string& json_file) {
  std::printf("%-30s %-6s %30s %30s %7s\n", "median (least-most)", "unit", "ssh -tt", "sallyport",
              "ratio");
  std::ofstream lines;
  if (!json_file.empty()) lines.open(json_file);
  for (const auto& figure : figures) {
    const auto ssh = spread(figure.ssh);
    const auto gateway = spread(figure.gateway);
    const double ratio = ssh.median > 0 ? gateway.median / ssh.median : 0;
    std::printf("%-30s %-6s %30s %30s %6.2fx\n", figure.name.c_str(), figure.unit.c_str(),
                text(ssh).c_str(), text(gateway).c_str(), ratio);
    if (lines) {
      lines << nlohmann::json{{"figure", figure.name},
                              {"unit", figure.unit},
                              {"ssh", figure.ssh},
                              {"sallyport", figure.gateway},
                              {"ratio_of_medians", ratio}}
                   .dump()
            << '\n';
    }
  }
}

}  // namespace sallyport::bench
