// The sentence that is being typed: htmx saves it after a pause (hx-post of the form), a new one when it is sent. A
// press on the button waits for a save that is under way, so that nobody is told of a conflict with themselves; and
// what could not be saved without a network stays in this tab until a page shows it saved: a sentence by its next
// version, a new one by standing in its chapter. The page works without this file.
"use strict";
{
  for (const form of document.querySelectorAll("form[data-autosave], form[data-new]")) {
    const field = form.querySelector("textarea");
    const { autosave, new: chapter } = form.dataset;
    const name = `keep:cau:${autosave ?? `moi-${chapter}`}`; // js/keep.js forgets "keep:" when somebody signs out
    const account = document.querySelector("script[data-account]")?.dataset.account;
    const version = () => form.elements.namedItem("version")?.value ?? "";
    let isSaving = false;
    let waiting = null;

    const kept = (() => {
      try {
        return JSON.parse(sessionStorage.getItem(name));
      } catch {
        return null;
      }
    })();
    const note = form.querySelector("[data-taken-back]");
    const words = (text) => text.split(/\s+/).join(" ").trim();
    const stands = () =>
      [...document.querySelectorAll("article.draft .sent:not(.open)")].some((one) =>
        words(one.textContent).includes(words(kept.text)),
      );
    if (kept && (kept.version !== version() || (chapter && stands()))) {
      sessionStorage.removeItem(name);
    } else if (kept && kept.text !== field.value && note && !(chapter && field.value)) {
      field.value = kept.text;
      note.hidden = false;
    }
    field.addEventListener("input", () => {
      const draft = { account, path: "", at: Date.now(), version: version(), text: field.value };
      try {
        sessionStorage.setItem(name, JSON.stringify(draft));
      } catch {
        return; // full: the server keeps it
      }
    });
    form.addEventListener("htmx:beforeRequest", () => (isSaving = true));
    form.addEventListener("htmx:afterRequest", (event) => {
      isSaving = false;
      if (event.detail.successful && form.querySelector("[data-saved-line]")) sessionStorage.removeItem(name);
      if (waiting) form.requestSubmit(waiting);
      waiting = null;
    });
    form.addEventListener("submit", (event) => {
      if (isSaving) {
        waiting = event.submitter;
        event.preventDefault();
      }
    });
  }
}
