// The button that copies a text; without this file the text is selected by hand.
"use strict";
for (const button of document.querySelectorAll("[data-copy]")) {
  const panel = button.closest(".panel");
  const field = panel.querySelector("[data-copy-from]");
  const said = panel.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.focus();
    field.select();
    let done = false;
    try {
      await navigator.clipboard.writeText(field.value);
      done = true;
    } catch {
      done = document.execCommand("copy"); // a page without https has no clipboard of its own
    }
    said.textContent = done ? "Đã chép. Mở nhóm trò chuyện và dán." : "Chưa chép được. Hãy chép phần đang được chọn.";
  });
}
