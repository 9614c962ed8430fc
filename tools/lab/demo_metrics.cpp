#include "lab/demo_metrics.hpp"

namespace lab {
namespace {

std::string event(const std::string& title, const std::string& text) {
  return "_e{" + std::to_string(title.size()) + "," + std::to_string(text.size()) + "}:" + title + "|" + text;
}

}  // namespace

std::vector<std::string> demo_packets(unsigned n) {
  const std::string shop = n % 2 == 0 ? "|#region:north" : "|#region:south";
  std::string values;
  for (unsigned i = 0; i < 20; ++i) values += ":" + std::to_string(5 + (n * 7 + i * i) % 90);
  std::vector<std::string> out{
      "shop.orders:1|c" + shop + "\nshop.basket.value:" + std::to_string(20 + n) + "|d" + shop,
      "shop.payment.duration" + values + "|d" + shop + "\nshop.stock:" + std::to_string(200 - n) + "|g",
      "shop.customers:" + std::to_string(n % 6) + "|s\nshop.render.time:" + std::to_string(3 + n % 5) + "|ms"};
  if (n % 12 == 3)
    out.push_back(event("stock is refilled", "200 boxes, order " + std::to_string(1000 + n)) + "|t:success|#shop:main");
  if (n % 8 == 5) out.push_back("_sc|payments.up|" + std::string(n % 16 == 13 ? "2" : "0") + "|m:answered in 12 ms");
  return out;
}

}  // namespace lab
