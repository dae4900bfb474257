// Small comforts. Every page works without this file.
"use strict";

// Passwords can be looked at while typing: the button appears only where this script runs.
for (const field of document.querySelectorAll("input[type=password][data-reveal]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-quiet";
  button.textContent = "Hiện";
  button.setAttribute("aria-label", "Hiện mật khẩu");
  button.addEventListener("click", () => {
    const hidden = field.type === "password";
    field.type = hidden ? "text" : "password";
    button.textContent = hidden ? "Ẩn" : "Hiện";
    button.setAttribute("aria-label", hidden ? "Ẩn mật khẩu" : "Hiện mật khẩu");
    field.focus();
  });
  const line = document.createElement("div");
  line.className = "reveal";
  field.replaceWith(line);
  line.append(field, button);
}

// The error line takes the focus (browsers ignore autofocus once something else was focused).
const focusErrorLine = (root) => root.querySelector?.("[data-focus]")?.focus();
focusErrorLine(document);
document.addEventListener("htmx:afterSwap", (event) => focusErrorLine(event.target));

// A form is sent once: its buttons rest while the answer is on its way. Offline nothing is sent and
// the page says so; it never promises that anything was stored.
const OFFLINE =
  "Mất kết nối, chưa gửi được. Nội dung còn nguyên trên trang này; đừng đóng trang, có mạng thì bấm lại.";
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target === "_blank") return;
  if (!navigator.onLine) {
    event.preventDefault();
    let line = form.querySelector("[data-offline]");
    if (!line) {
      line = document.createElement("p");
      line.className = "note is-late";
      line.dataset.offline = "";
      line.setAttribute("role", "alert");
      form.prepend(line);
    }
    line.textContent = OFFLINE;
    line.scrollIntoView({ block: "center" });
    return;
  }
  // After the browser has collected the values: a disabled button would not send its own.
  const buttons = form.querySelectorAll("button:not([type=button]), input[type=submit]");
  const rest = (still) => {
    for (const button of buttons) button.disabled = still;
  };
  setTimeout(() => rest(true));
  // When the answer is a file or never comes, the page stays; its buttons must not stay dead.
  setTimeout(() => rest(false), 15000);
});
// Coming back with the browser's arrow shows the same page again, with buttons that must work.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll("form button:disabled")) button.disabled = false;
});
window.addEventListener("online", () => {
  for (const line of document.querySelectorAll("[data-offline]")) line.remove();
});

// Date boxes speak the browser's language, and in an English one 03/04 is the fourth of March. The day
// in words under the box settles it.
const DAYS = ["Chủ Nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"];
const sayDay = (box) => {
  let line = box.parentElement.querySelector("output.day-said");
  if (!line) {
    line = document.createElement("output");
    line.className = "form-text day-said";
    box.after(line);
  }
  const [year, month, day] = box.value.split("-").map(Number);
  line.textContent = day
    ? `${DAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()]}, ${String(day).padStart(2, "0")}/${String(month).padStart(2, "0")}/${year}`
    : "";
};
const watchDays = (root) => {
  for (const box of root.querySelectorAll?.("input[type=date]") ?? []) {
    sayDay(box);
    box.addEventListener("change", () => sayDay(box));
  }
};
watchDays(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) watchDays(event.target);
});
