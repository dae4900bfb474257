// Minutes save themselves while they are typed: two seconds after the last key, when a box is left, when the page
// is hidden. Only boxes that changed are sent, each with the revision it was read from, so that two people who
// write at once never overwrite each other. What could not be sent is kept in this tab and sent later; js/keep.js
// lets go of it when somebody signs out or another account comes in. Without this file the button saves.
"use strict";
{
  const PAUSE = 2000; // ms after the last key
  const RETRY = 15000;
  const LOOK = 20000; // how often a page that is typed on asks who else is writing
  document.documentElement.classList.add("scripted");
  const form = document.querySelector("form[data-minutes]");
  const { account } = document.currentScript.dataset;
  if (form) start(form);

  function start(form) {
    const status = form.querySelector("[data-status]");
    const others = form.querySelector("[data-others]");
    const store = `keep:minutes-${form.dataset.minutes}`;
    const edition = form.elements.namedItem("edition").value;
    const fields = new Map();
    let known = Number(form.elements.namedItem("known").value);
    let timer = 0;
    let sending = false;
    let refused = false;

    for (const box of form.querySelectorAll("[data-text]")) {
      const area = box.querySelector("textarea");
      const base = form.elements.namedItem(`base-${box.dataset.text}`);
      const clash = box.querySelector("[data-clash]");
      // A box with a choice the server offered is saved with the button, not behind the person's back.
      fields.set(box.dataset.text, { box, area, base, saved: area.defaultValue, waits: Boolean(clash) });
    }

    const two = (number) => String(number).padStart(2, "0");
    const clock = () => `${two(new Date().getHours())}:${two(new Date().getMinutes())}`;
    const say = (text) => {
      if (status.textContent !== text) status.textContent = text;
    };
    const changed = () => [...fields].filter(([, one]) => !one.waits && one.area.value !== one.saved);
    const unsent = () => [...fields].filter(([, one]) => one.area.value !== one.saved);

    // --- kept in this tab ---

    const keep = () => {
      const rows = unsent().map(([key, one]) => [key, { text: one.area.value, base: one.base.value }]);
      try {
        if (!rows.length) return sessionStorage.removeItem(store);
        const texts = Object.fromEntries(rows);
        const draft = { account, path: location.pathname, at: Date.now(), fields: [], edition, texts };
        sessionStorage.setItem(store, JSON.stringify(draft));
      } catch {
        return; // no room: the boxes still hold the words
      }
    };
    const comeBack = () => {
      let draft = null;
      try {
        draft = JSON.parse(sessionStorage.getItem(store));
      } catch {
        return;
      }
      if (!draft || draft.account !== account || draft.edition !== edition) return;
      let any = false;
      for (const [key, kept] of Object.entries(draft.texts ?? {})) {
        const one = fields.get(key);
        if (!one || one.waits || one.saved === kept.text) continue;
        one.area.value = kept.text;
        one.base.value = kept.base; // the server finds out whether somebody else was there meanwhile
        any = true;
      }
      if (any) {
        form.querySelector("[data-came-back]").hidden = false;
        soon(0);
      }
    };

    // --- sending ---

    const soon = (pause = PAUSE) => {
      clearTimeout(timer);
      timer = setTimeout(send, pause);
    };
    const refuse = (text) => {
      refused = true;
      say(text);
    };

    async function send({ leaving = false } = {}) {
      clearTimeout(timer);
      const rows = changed();
      if (!rows.length || refused) return;
      if (sending) return soon();
      sending = true;
      say("Đang lưu…");
      const data = new FormData();
      data.set("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
      data.set("edition", edition);
      data.set("known", known);
      const sent = new Map();
      for (const [key, one] of rows) {
        data.set(`text-${key}`, one.area.value);
        data.set(`base-${key}`, one.base.value);
        sent.set(key, one.area.value);
      }
      try {
        const answer = await fetch(location.pathname, {
          method: "POST",
          headers: { Accept: "application/json" },
          body: data,
          redirect: "manual",
          keepalive: leaving,
        });
        if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) {
          refuse("Chưa lưu: phiên đăng nhập đã hết. Chữ được giữ trên máy này; hãy mở lại trang rồi đăng nhập.");
        } else if (answer.status === 409) {
          const words = (await answer.json()).refused;
          if ("" in words) refuse(words[""]);
          else say(Object.values(words).join(" ")); // one box: the next key tries again
        } else if (!answer.ok) {
          throw new Error(String(answer.status));
        } else {
          took(await answer.json(), sent);
        }
      } catch {
        say("Mất kết nối. Chữ được giữ trên máy này, có mạng sẽ tự gửi.");
        soon(RETRY);
      }
      sending = false;
      keep();
    }

    const took = (answer, sent) => {
      const torn = new Map(answer.clashes.map((one) => [one.key, one]));
      for (const [key, text] of sent) {
        const one = fields.get(key);
        if (torn.has(key)) {
          showClash(one, torn.get(key), answer.revision);
        } else {
          one.saved = text;
          one.base.value = answer.revision;
        }
      }
      follow(answer);
      if (torn.size) say("Có mục hai người cùng sửa: hãy chọn ở mục đó.");
      else if (changed().length) soon();
      else say(`Đã lưu ${clock()}`);
    };

    // Boxes nobody touches here follow what others write; a box with unsent words keeps its own base.
    const follow = (answer) => {
      for (const [key, text] of Object.entries(answer.texts)) {
        const one = fields.get(key);
        if (!one || one.waits || one.area.value !== one.saved || one.area === document.activeElement) continue;
        one.area.value = one.saved = text;
        one.base.value = answer.revision;
      }
      known = answer.revision;
      form.elements.namedItem("known").value = known;
      announce(answer.others);
    };

    // Whoever began to write first hears of the second without saving anything. Nobody asks from a page that is
    // hidden or only read.
    const look = async () => {
      const box = document.activeElement;
      if (document.visibilityState !== "visible" || !box.matches("textarea") || !form.contains(box)) return;
      if (sending || refused) return;
      const asked = known;
      try {
        const answer = await fetch(`${form.dataset.writers}?known=${asked}`, { redirect: "manual" });
        if (!answer.ok) return;
        const told = await answer.json();
        if (sending || refused || known !== asked) return; // a save was quicker and knows more
        if (told.refused) refuse(told.refused);
        else follow(told);
      } catch {
        return; // no connection: the next save says so
      }
    };

    const announce = (lines) => {
      others.hidden = !lines.length;
      const text = lines.length ? `${lines.join(". ")}. Mỗi người một mục thì không vướng nhau.` : "";
      const place = others.querySelector("div");
      if (place.textContent !== text) place.textContent = text;
    };

    const showClash = (one, clash, revision) => {
      one.waits = true;
      one.box.querySelector("[data-clash]")?.remove();
      const shape = form.querySelector("template[data-clash-shape]").content.cloneNode(true);
      shape.querySelector("[data-by]").textContent = clash.by;
      shape.querySelector("[data-at]").textContent = clash.at;
      shape.querySelector("[data-theirs]").textContent = clash.theirs || "(để trống)";
      for (const button of shape.querySelectorAll("[data-pick]")) {
        button.addEventListener("click", () => {
          const mine = one.area.value;
          if (button.dataset.pick === "theirs") one.area.value = clash.theirs;
          if (button.dataset.pick === "both") one.area.value = [clash.theirs, mine].filter(Boolean).join("\n");
          one.saved = clash.theirs;
          one.base.value = revision;
          one.waits = false;
          one.box.querySelector("[data-clash]").remove();
          one.area.focus();
          if (one.area.value === one.saved) {
            keep();
            say(`Đã lưu ${clock()}`);
          } else soon(0);
        });
      }
      one.box.prepend(shape);
    };

    // --- what the person does ---

    form.addEventListener("input", (event) => {
      if (!event.target.matches("textarea")) return;
      keep();
      if (!refused) say("Đang ghi…");
      soon();
    });
    form.addEventListener("focusout", (event) => event.target.matches("textarea") && soon(0));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") send({ leaving: true });
    });
    window.addEventListener("pagehide", () => keep());
    window.addEventListener("online", () => soon(0));
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-take]");
      if (!button) return;
      const one = fields.get(button.closest("[data-text]").dataset.text);
      const words = button.parentElement.querySelector("[data-words]").textContent;
      one.area.value = [one.area.value, words].filter(Boolean).join("\n");
      button.parentElement.remove();
      one.area.focus();
      keep();
      soon();
    });
    // The button saves in place where a box needs no choice; else it is the ordinary form.
    form.addEventListener("submit", (event) => {
      keep();
      if ([...fields.values()].some((one) => one.waits)) return;
      event.preventDefault();
      if (refused) return;
      if (changed().length) send();
      else say(`Đã lưu ${clock()}`);
    });
    setInterval(look, LOOK);
    comeBack();
  }
}
