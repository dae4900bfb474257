// Counts the levels while they are tapped, and says when the best one is over its quota. Nothing is saved here;
// without this file the counts are those of the last save.
"use strict";

for (const form of document.querySelectorAll("[data-conclude]")) {
  const cells = new Map([...form.querySelectorAll("[data-level]")].map((cell) => [cell.dataset.level, cell]));
  const note = form.querySelector("[data-quota-note]");
  const words = form.querySelector("[data-quota-words]");
  const status = form.querySelector("[data-conclude-status]");
  const total = Number(form.dataset.total);
  const quota = Number(form.dataset.quota);
  const top = [...cells.keys()][0];
  const saved = new Map([...cells].map(([level, cell]) => [level, Number(cell.textContent.replace(/\./g, ""))]));
  const percent = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 });
  const levelOf = (card) => card.querySelector("input[type=radio]:checked")?.value ?? "";
  const cards = [...form.querySelectorAll("[data-levels]")];
  // What each card counted as when the page came; a returned one is still to be concluded.
  const before = cards.map((card) => card.dataset.counted ?? "");

  const say = () => {
    const counts = new Map(saved);
    cards.forEach((card, place) => {
      counts.set(before[place], counts.get(before[place]) - 1);
      counts.set(levelOf(card), counts.get(levelOf(card)) + 1);
    });
    for (const [level, cell] of cells) cell.textContent = counts.get(level);
    const best = counts.get(top);
    const over = quota > 0 && total > 0 && best * 100 > quota * total;
    note.hidden = !over;
    if (over) words.textContent = `${best} trên ${total} ${form.dataset.whom}, bằng ${percent.format((best * 100) / total)}%, quá ${quota}%`;
    if (status) status.textContent = `Đã chọn ${total - counts.get("")} trên ${total}, nhớ lưu`;
  };
  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=radio]")) say();
  });
  window.addEventListener("pageshow", () => {
    if (cards.some((card, place) => levelOf(card) !== before[place])) say();
  });
}
