// Says how many months are chosen and what they come to, before anything is sent. The page works without it:
// the next page says the total in figures and words in any case.
"use strict";

for (const form of document.querySelectorAll("[data-dues]")) {
  const tally = form.querySelector("[data-dues-tally]");
  if (!tally) continue;
  const money = new Intl.NumberFormat("de-DE", { maximumFractionDigits: 0 });
  const say = () => {
    const chosen = [...form.querySelectorAll("[data-amount]:checked")];
    const total = chosen.reduce((sum, box) => sum + Number(box.dataset.amount), 0);
    tally.textContent = chosen.length
      ? `Đã chọn ${chosen.length} tháng, ${money.format(total)}\u00a0đồng`
      : "Chưa chọn tháng nào";
  };
  form.addEventListener("change", say);
  // Coming back with the browser's button, boxes may still be ticked.
  window.addEventListener("pageshow", say);
  say();
}
