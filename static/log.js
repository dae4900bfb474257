// Comforts of the log page. Everything here also goes without it, with one more press of a button.
"use strict";

const form = document.querySelector("[data-log]");
if (form) {
  document.documentElement.classList.add("scripted");
  const rows = form.querySelector("[data-rows]");
  const pick = form.querySelector("[data-pick]");

  // Results: choosing one adds its row at once.
  pick?.addEventListener("change", async () => {
    const wanted = pick.value;
    if (!wanted || rows.querySelector(`[data-row="${wanted}"]`)) return;
    await htmx.ajax("GET", `${pick.dataset.pick}?pick=${encodeURIComponent(wanted)}`, { target: rows, swap: "beforeend" });
    const row = rows.querySelector(`[data-row="${wanted}"]`);
    if (!row) return;
    pick.value = "";
    pick.querySelector(`option[value="${wanted}"]`).disabled = true;
    row.querySelector("input:not([type=hidden])")?.focus();
    askEffect(row);
  });
  rows.addEventListener("click", (event) => {
    const button = event.target.closest("[data-drop]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-row]");
    const option = pick?.querySelector(`option[value="${row.dataset.row}"]`);
    if (option) option.disabled = false;
    row.remove();
    pick?.focus();
  });

  // What a result will do to the plan: asked of the server, which is the only one that adds.
  const timers = new WeakMap();
  const askEffect = (row) => {
    const line = row.querySelector("[data-effect]");
    if (!line || !window.htmx) return;
    clearTimeout(timers.get(row));
    timers.set(row, setTimeout(() => htmx.trigger(line, "effect"), 400));
  };
  rows.addEventListener("input", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) askEffect(row);
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const line = event.detail.elt;
    if (!line.matches?.("[data-effect]")) return;
    const row = line.closest("[data-row]");
    const of = (name) => {
      const fields = [...row.querySelectorAll(`[name="q${row.dataset.row}-${name}"]`)];
      const field = fields.length > 1 ? fields.find((one) => one.checked) : fields[0];
      return field?.value ?? "";
    };
    Object.assign(event.detail.parameters, {
      value: of("value"), denominator: of("denominator"), qualifier: of("qualifier"), day: chosenDay(),
    });
  });
  const field = (name) => form.elements.namedItem(name);
  const chosenDay = () => {
    const day = field("day").value;
    return day === "other" ? field("last_on").value || field("starts_on").value : day;
  };
  const future = form.querySelector("[data-future]");
  const dayChanged = () => {
    if (future) future.hidden = !(chosenDay() > future.dataset.future);
    for (const row of rows.querySelectorAll("[data-row]")) askEffect(row);
  };
  for (const name of ["day", "starts_on", "last_on"]) {
    const one = field(name);
    for (const input of one instanceof RadioNodeList ? one : [one]) input.addEventListener("change", dayChanged);
  }
  dayChanged();

  // People: a tally, a search box, everybody at once.
  const people = form.querySelector("[data-people]");
  if (people) {
    const boxes = [...people.querySelectorAll("input[type=checkbox]")];
    const plain = (text) =>
      text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase();
    const tally = form.querySelector("[data-tally]");
    const count = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      tally.textContent = chosen ? `Đã chọn ${chosen} đoàn viên` : "Chọn tên đoàn viên";
    };
    people.addEventListener("change", count);
    count();
    const search = form.querySelector("[data-people-search]");
    search?.addEventListener("input", () => {
      const words = plain(search.value).split(/\s+/).filter(Boolean);
      for (const box of boxes) {
        const name = ` ${plain(box.parentElement.textContent.trim())}`;
        box.parentElement.hidden = !words.every((word) => name.includes(` ${word}`));
      }
    });
    search?.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    form.querySelector("[data-all]")?.addEventListener("click", () => {
      const shown = boxes.filter((box) => !box.parentElement.hidden);
      const all = shown.every((box) => box.checked);
      for (const box of shown) box.checked = !all;
      count();
    });
  }

  // Pictures just chosen are shown small, before they are sent. data: addresses pass the page's policy.
  const input = form.querySelector("[data-files]");
  const previews = form.querySelector("[data-previews]");
  input?.addEventListener("change", () => {
    previews.replaceChildren();
    for (const file of input.files) {
      const box = document.createElement("span");
      box.className = "thumb thumb-file";
      box.textContent = file.name;
      previews.append(box);
      if (!file.type.startsWith("image/")) continue;
      const reader = new FileReader();
      reader.addEventListener("load", () => {
        const image = new Image();
        image.alt = file.name;
        image.addEventListener("load", () => box.replaceChildren(image));
        image.src = reader.result;
      });
      reader.readAsDataURL(file);
    }
    const large = [...input.files].filter((file) => file.size > 10 * 1024 * 1024);
    const line = form.querySelector("[data-too-large]");
    line.textContent = large.length ? `Quá 10 MB, chọn tệp nhỏ hơn: ${large.map((file) => file.name).join(", ")}.` : "";
    line.hidden = !large.length;
  });
}
