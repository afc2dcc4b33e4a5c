#include <algorithm>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "figure.h"

namespace sallyport::bench {
namespace {

struct Spread {
  double least = 0, median = 0, most = 0;
};

Spread spread(std::vector<double> values) {
  std::ranges::sort(values);
  return {values.front(), values[values.size() / 2], values.back()};
}

std::string number(double value) {
  char buffer[32];
  const int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  std::snprintf(buffer, sizeof buffer, "%.*f", value == 0 ? 0 : digits, value);
  return buffer;
}

std::string text(const std::vector<double>& values) {
  if (values.empty()) return "-";
  const auto s = spread(values);
  if (values.size() == 1) return number(s.median);
  return number(s.median) + " (" + number(s.least) + "-" + number(s.most) + ")";
}

std::string today() {
  const auto now = std::time(nullptr);
  char buffer[16];
  std::strftime(buffer, sizeof buffer, "%Y-%m-%d", std::gmtime(&now));
  return buffer;
}

}  // namespace

Report::Report(const Options& options) {
  if (!options.json.empty()) lines_.open(options.json);
  std::printf("%s, %s\n", today().c_str(), options.versions.c_str());
  std::printf("%-34s %-5s %24s %24s %7s  %s\n", "median (least-most)", "unit", "ssh -tt",
              "sallyport", "ratio", "goal");
  std::fflush(stdout);
  lines_ << nlohmann::json{{"date", today()},
                           {"versions", options.versions},
                           {"rounds", options.rounds}}
                .dump()
         << std::endl;
}

void Report::add(const Figure& figure) {
  nlohmann::json line{{"figure", figure.name}, {"unit", figure.unit}, {"goal", figure.goal}};
  if (!figure.ssh.empty()) line["ssh"] = figure.ssh;
  if (!figure.gateway.empty()) line["sallyport"] = figure.gateway;
  std::string ratio = "-";
  if (!figure.ssh.empty() && !figure.gateway.empty() && spread(figure.ssh).median > 0) {
    const double value = spread(figure.gateway).median / spread(figure.ssh).median;
    ratio = number(value) + "x";
    line["ratio_of_medians"] = value;
  }
  std::printf("%-34s %-5s %24s %24s %7s  %s\n", figure.name.c_str(), figure.unit.c_str(),
              text(figure.ssh).c_str(), text(figure.gateway).c_str(), ratio.c_str(),
              figure.goal.c_str());
  std::fflush(stdout);
  lines_ << line.dump() << std::endl;
}

void Report::note(const std::string& text) {
  std::printf("  %s\n", text.c_str());
  std::fflush(stdout);
  lines_ << nlohmann::json{{"note", text}}.dump() << std::endl;
}

}  // namespace sallyport::bench
