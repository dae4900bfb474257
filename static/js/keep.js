// What is typed into a form marked data-keep outlives an ended session, a lost network and a refused token.
// It is kept in this tab, under the form's own key, until a page says that this key was saved, the person
// gives it up, somebody signs out or another account comes in. Passwords and files are never kept.
// Every page works without this file.
"use strict";
{
  const PREFIX = "keep:";
  const MOST = 20; // drafts in one tab; the oldest leave
  const PAUSE = 300; // ms after the last key
  const { account, signOut } = document.currentScript.dataset;
  const path = location.pathname;

  const drop = (name) => sessionStorage.removeItem(name);
  const read = (name) => {
    try {
      return { name, ...JSON.parse(sessionStorage.getItem(name)) };
    } catch {
      return { name };
    }
  };
  // The newest first.
  const drafts = () =>
    Object.keys(sessionStorage)
      .filter((name) => name.startsWith(PREFIX))
      .map(read)
      .sort((one, other) => other.at - one.at);
  const write = (name, draft) => {
    try {
      sessionStorage.setItem(name, JSON.stringify(draft));
    } catch {
      return; // full: no notice will promise what is not there
    }
    for (const old of drafts().slice(MOST)) drop(old.name);
  };
  const forget = (who) => {
    for (const draft of drafts()) drop(draft.name);
    // Taps of a roll that never got through (js/roll.js) belong to the person who signs out.
    for (const name of Object.keys(localStorage)) if (name.startsWith("roll:")) localStorage.removeItem(name);
    forgetSite(who);
  };

  // --- notes taken on site without a signal (js/site.js) ---

  const siteNames = (who) => Object.keys(localStorage).filter((name) => name.startsWith(`site:${who}:`));
  const unsent = (who) =>
    siteNames(who).reduce((sum, name) => {
      const kept = JSON.parse(localStorage.getItem(name));
      return sum + kept.entries.length + kept.photos + (kept.draft ? 1 : 0);
    }, 0);
  // Pages kept for others than who is signed in here now. What they wrote stays theirs, and is not shown.
  const forgetPages = async (spared) => {
    for (const name of window.caches ? await caches.keys() : []) {
      if (name.startsWith("site:") && !name.startsWith(`site:${spared}:`)) caches.delete(name);
    }
  };
  const forgetSite = (who) => {
    for (const name of siteNames(who)) localStorage.removeItem(name);
    forgetPages("").catch(() => {});
    const asked = indexedDB.open("site", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photos", { keyPath: "key" });
    asked.onsuccess = () => {
      const photos = asked.result.transaction("photos", "readwrite").objectStore("photos");
      photos.delete(IDBKeyRange.bound(`${who}:`, `${who}:\uffff`));
    };
  };
  const isSignIn = Boolean(document.querySelector("input[name=login]"));
  if (account || isSignIn) forgetPages(account ?? "").catch(() => {});

  // --- what is no longer waiting ---

  const tabs = new BroadcastChannel("keep"); // the other tabs hold drafts of their own
  tabs.addEventListener("message", ({ data }) => (data.saved ? drop(PREFIX + data.saved) : forget(data.who)));

  for (const { dataset } of document.querySelectorAll("[data-saved]")) {
    drop(PREFIX + dataset.saved);
    tabs.postMessage({ saved: dataset.saved });
  }
  if (account) for (const draft of drafts()) if (draft.account !== account) drop(draft.name);

  const leaves = (event) => !event.defaultPrevented && event.target.getAttribute("action") === signOut;
  const whoLeaves = (event) => account || event.target.dataset.account;
  // Asked first, before site.js takes the button out of use.
  const ask = (event) => {
    const left = leaves(event) && navigator.onLine ? unsent(whoLeaves(event)) : 0;
    if (left && !confirm(`Máy này còn ${left} ghi chép, ảnh tại chỗ chưa gửi. Đăng xuất thì mất. Vẫn đăng xuất?`)) {
      event.preventDefault();
    }
  };
  document.addEventListener("submit", ask, true);
  document.addEventListener("submit", (event) => {
    if (!leaves(event)) return;
    forget(whoLeaves(event));
    tabs.postMessage({ who: whoLeaves(event) });
  });

  // --- a form that is being filled ---

  const typed = (form) => {
    const secret = new Set([...form.querySelectorAll("input[type=password]")].map((field) => field.name));
    secret.add("csrfmiddlewaretoken");
    const all = [...new FormData(form)];
    return {
      fields: all.filter(([name, value]) => typeof value === "string" && !secret.has(name)),
      files: all.some(([, value]) => typeof value !== "string" && value.name !== ""),
    };
  };

  // `asOpened` is what a page shows that nobody has touched: not worth keeping. A page that was sent has none.
  const watch = (form, name, asOpened, lacksFiles) => {
    let last = asOpened ?? JSON.stringify(typed(form));
    let timer = 0;
    const keep = (again) => {
      clearTimeout(timer);
      timer = 0;
      const now = typed(form);
      const text = JSON.stringify(now);
      if (text === last && !again) return;
      last = text;
      if (text === asOpened) drop(name);
      else write(name, { account, path, at: Date.now(), fields: now.fields, files: now.files || lacksFiles });
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE);
    };
    for (const kind of ["input", "change", "click"]) form.addEventListener(kind, soon);
    document.addEventListener("htmx:afterSwap", soon);
    form.addEventListener("submit", () => keep(true));
    window.addEventListener("pagehide", () => timer && keep());
    return keep;
  };

  // --- the notice above a form that was opened anew ---

  const said = (at) => {
    const day = new Date(at);
    const two = (number) => String(number).padStart(2, "0");
    const time = `${two(day.getHours())}:${two(day.getMinutes())}`;
    const isToday = day.toDateString() === new Date().toDateString();
    return isToday ? time : `${time} ngày ${two(day.getDate())}/${two(day.getMonth() + 1)}`;
  };

  const offer = (notice, draft, form) => {
    const line = notice.querySelector("[data-kept-line]");
    const files = notice.querySelector("[data-kept-files]");
    const [takeBack, giveUp] = notice.querySelectorAll("button");
    line.textContent = `Còn nội dung nhập lúc ${said(draft.at)} chưa lưu.`;
    files.hidden = !draft.files;
    notice.hidden = false;
    takeBack.addEventListener("click", () => {
      write(draft.name, draft); // it may have been given up a moment ago
      const again = document.createElement("form");
      again.method = "post";
      const token = form.elements.namedItem("csrfmiddlewaretoken").value;
      for (const [name, value] of [...draft.fields, ["csrfmiddlewaretoken", token], ["do", "restore"]]) {
        const field = document.createElement("input");
        field.type = "hidden";
        Object.assign(field, { name, value });
        again.append(field);
      }
      notice.querySelector("form")?.remove();
      notice.append(again);
      again.requestSubmit();
    });
    giveUp.addEventListener("click", () => {
      drop(draft.name);
      line.textContent = `Đã bỏ nội dung nhập lúc ${said(draft.at)}.`;
      giveUp.hidden = files.hidden = true;
      takeBack.textContent = "Lấy lại như cũ";
      takeBack.focus();
    });
  };

  const form = document.querySelector("form[data-keep]");
  const key = form?.elements.namedItem("form_key")?.value;
  if (key) {
    const name = PREFIX + key;
    const notice = document.querySelector("[data-kept]"); // only where the page was opened, not sent
    const takenBack = document.querySelector("[data-taken-back]");
    const lacksFiles = Boolean(takenBack && read(name).files);
    if (lacksFiles) takenBack.querySelector("[data-kept-files]").hidden = false;
    const draft = notice && drafts().find((one) => one.path === path);
    if (draft) offer(notice, draft, form);
    const keep = watch(form, name, notice ? JSON.stringify(typed(form)) : null, lacksFiles);
    if (!notice && !takenBack) keep(true); // refused by the server: files it took came back as tickets
  }

  // --- the page of a refused token ---

  if (drafts().some((draft) => draft.path === path)) {
    for (const words of document.querySelectorAll("[data-if-kept]")) words.hidden = false;
    for (const words of document.querySelectorAll("[data-unless-kept]")) words.hidden = true;
  }
}
