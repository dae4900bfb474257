// Notes on site: every answer, note and photo is kept on this phone at once, shown as "giữ ở máy này" or "đã gửi", and
// sent when there is a connection. Each carries an id of its own, so that a resend is the same. Answers of a colleague
// come in as they are; where two wrote differently the page says so and a person chooses. Without this file the page
// is one form with a button.
"use strict";
{
  const form = document.querySelector("form[data-site]");
  const PAUSE = 600; // ms after the last key
  const AGAIN = 10000; // ms until the next try without an answer
  const LOOK = 20000; // ms between two looks at what others wrote
  const PATIENCE = 20000;
  const PATIENCE_PHOTO = 120000;

  if (form) {
    const { site, account, sendUrl, photoUrl, workerUrl, statics, done } = form.dataset;
    const { Entries, Photos, shrunk, thumb, saveAs } = window.siteKept;
    const entries = new Entries(account, site);
    const photos = new Photos(account, site);
    const items = new Map([...form.querySelectorAll("[data-item]")].map((row) => [Number(row.dataset.item), row]));
    const [status, trouble, foreign, ready] = ["status", "trouble", "foreign", "ready"].map((name) =>
      form.querySelector(`[data-site-${name}]`),
    );
    const noteBox = form.elements.namedItem("note");
    let token = form.elements.namedItem("csrfmiddlewaretoken").value;

    // --- what the page shows ---

    const valueOf = (row) => ({
      result: row.querySelector("input[type=radio]:checked")?.value ?? "",
      points: row.querySelector("[data-points]")?.value ?? "",
      note: row.querySelector("[data-words]").value,
    });
    const show = (row, { result, points, note }) => {
      for (const radio of row.querySelectorAll("input[type=radio]")) radio.checked = radio.value === result;
      for (const [field, value] of [["[data-points]", points], ["[data-words]", note]]) {
        const box = row.querySelector(field);
        if (box && document.activeElement !== box) box.value = value;
      }
      fold(row);
    };
    const fold = (row) => {
      const box = row.querySelector("[data-points-line]");
      if (box) box.hidden = valueOf(row).result !== "partly";
    };
    const word = (place, words) => {
      if (place.textContent !== words) place.textContent = words;
    };
    const KEPT = "Giữ ở máy này";
    let isAway = false; // no answer from the server
    let waitingPhotos = [];
    const say = () => {
      const { entries: waiting } = entries.read();
      const held = new Set(waiting.map((one) => one.item));
      for (const [key, row] of items) {
        const place = row.querySelector("[data-item-state]");
        row.toggleAttribute("data-kept", held.has(key));
        if (held.has(key)) word(place, KEPT);
        else word(place, row.dataset.version === "0" ? "" : `Đã gửi${row.dataset.by ? ` · ${row.dataset.by} ghi` : ""}`);
      }
      const said = [...items.values()].filter((row) => valueOf(row).result).length;
      word(form.querySelector("[data-site-said]"), String(said));
      const number = waiting.length + waitingPhotos.length;
      const loose = entries.inHand || photos.loose.size;
      let words = "Đã gửi hết";
      if (number) words = isAway ? `Mất kết nối. Giữ ${number} ghi chép, ảnh ở máy này, có mạng sẽ tự gửi.` : `Đang gửi ${number} ghi chép, ảnh`;
      if (number && loose) words = `Máy hết chỗ: ${number} ghi chép, ảnh chỉ còn trên trang này. Đừng đóng trang, hoặc lưu về máy.`;
      word(status, words);
    };
    const complain = (words, kind = "") => {
      trouble.hidden = !words;
      word(trouble.querySelector("[data-trouble-words]"), words);
      trouble.querySelector("[data-sign-in]").hidden = kind !== "sign-in";
      trouble.querySelector("[data-save-notes]").hidden = !words || !entries.read().entries.length;
    };
    const listed = (list, text, state) => {
      const line = document.createElement("li");
      const mark = document.createElement("span");
      line.textContent = `${text} `;
      mark.className = "small muted";
      mark.textContent = `· ${state}`;
      line.append(mark);
      list.append(line);
      return line;
    };
    const noteList = form.querySelector("[data-notes]");
    const showNotes = () => {
      for (const line of noteList.querySelectorAll("[data-waits]")) line.remove();
      for (const one of entries.read().entries) {
        if (one.item === null) listed(noteList, one.note, KEPT).dataset.waits = one.id;
      }
    };
    const button = (label, act) => {
      const found = document.createElement("button");
      found.type = "button";
      found.className = "btn btn-plain";
      found.textContent = label;
      found.addEventListener("click", act);
      return found;
    };
    const shown = new Map(); // the lines of photos that wait, by their id
    const showPhotos = async () => {
      waitingPhotos = await photos.all();
      entries.note({ photos: waitingPhotos.length - photos.loose.size });
      const left = new Set(waitingPhotos.map((one) => one.id));
      for (const [id, line] of shown) if (!left.has(id)) shown.delete(id) && line.remove();
      for (const one of waitingPhotos) {
        const row = items.get(one.item);
        if (!shown.has(one.id)) {
          const line = listed((row ?? form.querySelector("[data-free]")).querySelector("[data-photos]"), one.name, KEPT);
          shown.set(one.id, line);
          const source = await thumb(one.blob);
          if (source) line.prepend(Object.assign(new Image(), { src: source, alt: "", className: "site-thumb" }));
        }
        const line = shown.get(one.id);
        const loose = photos.loose.has(one.id);
        if (!(one.refused || loose) || line.querySelector("button")) continue;
        word(line.querySelector(".small"), `· ${one.refused || "Máy hết chỗ, ảnh chỉ còn trên trang này"}`);
        line.append(button("Lưu ảnh về máy", () => saveAs(one.blob, one.name)));
        line.append(button("Bỏ ảnh", async () => (await photos.drop(one.id), await showPhotos(), say())));
      }
      say();
    };

    // --- what is written ---

    let timer = 0;
    const soon = (pause) => {
      clearTimeout(timer);
      timer = setTimeout(send, pause);
    };
    const wrote = (row, pause) => {
      fold(row);
      entries.put({ item: Number(row.dataset.item), base: Number(row.dataset.version), ...valueOf(row) });
      say();
      soon(pause);
    };
    form.addEventListener("change", async ({ target }) => {
      const row = target.closest("[data-item]");
      if (target.type === "file") {
        const files = [...target.files];
        target.value = "";
        for (const file of files) {
          const item = row ? Number(row.dataset.item) : null;
          await photos.put({ item, name: file.name || "anh.jpg", blob: await shrunk(file) });
        }
        await showPhotos();
        soon(0);
      } else if (row && target.type === "radio") wrote(row, PAUSE);
    });
    form.addEventListener("input", ({ target }) => {
      const row = target.closest("[data-item]");
      if (row && target.matches("[data-words], [data-points]")) wrote(row, PAUSE * 2);
      else if (target === noteBox) entries.note({ draft: noteBox.value });
    });
    const addNote = () => {
      const note = noteBox.value.trim();
      if (!note) return;
      entries.put({ item: null, base: 0, result: "", points: "", note });
      noteBox.value = "";
      entries.note({ draft: "" });
      showNotes();
      say();
      soon(0);
    };

    // --- sending ---

    let stopped = false; // refused: trying again by itself would change nothing
    let leaving = false;
    // The answer of the server; null where there is none, with what the page then says.
    const ask = async (url, options, patience = PATIENCE) => {
      const stop = new AbortController();
      const clock = setTimeout(() => stop.abort(), patience);
      try {
        const answer = await fetch(url, { ...options, signal: stop.signal, headers: { "X-CSRFToken": token } });
        isAway = false;
        const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
        const said = isJson ? await answer.json() : null;
        if (said && answer.ok) return said;
        if (answer.status === 204) return { isNew: true };
        if (said) return { refused: said.error };
        stopped = answer.redirected || [403, 404].includes(answer.status);
        if (answer.redirected || answer.status === 403) {
          complain("Phiên đăng nhập đã hết. Ghi chép còn giữ ở máy này; đăng nhập lại là tự gửi.", "sign-in");
        } else if (answer.status === 404) {
          complain("Bạn không còn trong đoàn kiểm tra này nên không gửi được. Hãy lưu ghi chép về máy và giao cho trưởng đoàn.");
        } else isAway = true;
      } catch {
        isAway = true;
      } finally {
        clearTimeout(clock);
      }
      return null;
    };
    const cacheName = `site:${account}:${location.pathname}`;
    const keepRows = async (rows) => {
      if (!window.caches) return;
      await (await caches.open(cacheName)).put(sendUrl, new Response(JSON.stringify(rows)));
    };
    // What the server said last, for a page that was kept before.
    const takeKept = async () => {
      const kept = window.caches && (await (await caches.open(cacheName)).match(sendUrl));
      if (kept) takeRows((await kept.json()).filter(([key, version]) => version > Number(items.get(key)?.dataset.version)));
    };
    const takeRows = (rows) => {
      const held = new Set(entries.read().entries.map((one) => one.item));
      for (const [key, version, result, points, note, by] of rows) {
        const row = items.get(key);
        if (!row || held.has(key)) continue;
        Object.assign(row.dataset, { version, by });
        show(row, { result, points, note });
      }
    };
    const take = (answer) => {
      token = answer.token;
      takeRows(answer.rows);
      keepRows(answer.rows).catch(() => {});
      form.querySelector("[data-site-clashes]").hidden = !answer.clashes;
    };
    const sendEntries = async () => {
      const batch = entries.read().entries.slice(0, 50);
      if (!batch.length) return true;
      const ids = new Set(batch.map((one) => one.id));
      entries.tried(ids);
      const now = Date.now();
      const said = batch.map(({ id, item, result, points, note, base, at }) => ({
        id, item, result, points, note, base, ago: Math.max(0, now - at),
      }));
      const answer = await ask(sendUrl, { method: "POST", body: JSON.stringify({ account, entries: said }) });
      if (!answer) return false;
      if (answer.refused) {
        stopped = true;
        complain(`Chưa gửi được. ${answer.refused}`);
        return false;
      }
      const taken = new Map(answer.taken.map(([id, state, version]) => [id, version]));
      for (const one of batch) {
        if (one.item === null) {
          const line = noteList.querySelector(`[data-waits="${one.id}"]`);
          if (line) delete line.dataset.waits;
          if (line) word(line.querySelector(".small"), "· Đã gửi");
        } else if (taken.get(one.id)) items.get(one.item)?.setAttribute("data-version", taken.get(one.id));
      }
      entries.drop(new Set(taken.keys()));
      complain("");
      take(answer);
      return entries.read().entries.length ? sendEntries() : true;
    };
    const sendPhotos = async () => {
      for (const one of (await photos.all()).filter((photo) => !photo.refused)) {
        const body = new FormData();
        const about = { id: one.id, account, item: one.item ?? "", ago: Math.max(0, Date.now() - one.at) };
        for (const [name, value] of Object.entries(about)) body.append(name, value);
        body.append("file", one.blob, one.name);
        // It may have come while its answer was lost: asking is cheaper than sending it twice.
        const known = one.tried ? await ask(`${photoUrl}?${new URLSearchParams({ id: one.id })}`, {}) : { isNew: true };
        if (!known) return false;
        await photos.put({ ...one, tried: true });
        const answer = known.url ? known : await ask(photoUrl, { method: "POST", body }, PATIENCE_PHOTO);
        if (!answer) return false;
        if (answer.refused) await photos.put({ ...one, refused: answer.refused });
        else {
          const list = (items.get(one.item) ?? form.querySelector("[data-free]")).querySelector("[data-photos]");
          const link = Object.assign(document.createElement("a"), { href: answer.url, textContent: one.name });
          const line = listed(list, "", "Đã gửi");
          line.prepend(link);
          await photos.drop(one.id);
        }
        await showPhotos();
      }
      return true;
    };
    let busy = false;
    const send = async () => {
      clearTimeout(timer);
      if (busy) return;
      busy = true;
      const had = entries.read().entries.length + waitingPhotos.length;
      const isDone = (await sendEntries()) && (await sendPhotos());
      busy = false;
      say();
      if (!isDone) {
        leaving = false;
        if (!stopped) soon(AGAIN);
      } else if (entries.read().entries.length) soon(0);
      else if (leaving && !waitingPhotos.length) location.assign(done);
      else if (had) renewPage();
    };
    const look = async () => {
      if (document.hidden || busy || stopped || entries.read().entries.length) return;
      const answer = await ask(sendUrl, {});
      if (answer && !answer.refused) take(answer);
      say();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      addNote();
      leaving = true;
      stopped = false;
      send();
    });
    for (const one of form.querySelectorAll("[data-note-add]")) {
      one.hidden = false;
      one.addEventListener("click", addNote);
    }
    trouble.querySelector("[data-save-notes]").addEventListener("click", () => {
      const lines = entries.read().entries.map((one) => {
        const row = items.get(one.item);
        const label = row?.querySelector(`input[type=radio][value="${one.result}"]`)?.parentElement.textContent.trim() ?? "";
        return [new Date(one.at).toLocaleString("vi-VN"), row?.querySelector("h3").textContent ?? "Ghi chép", label, one.points, one.note]
          .filter(Boolean)
          .join("\n");
      });
      saveAs(new Blob([`${lines.join("\n\n")}\n`], { type: "text/plain;charset=utf-8" }), "ghi-chep-tai-cho.txt");
    });
    window.addEventListener("beforeunload", (event) => {
      if (entries.inHand || photos.loose.size) event.preventDefault();
    });

    // --- what waited from before, the network coming back, and this page without a network ---

    for (const one of entries.read().entries) if (items.has(one.item)) show(items.get(one.item), one);
    if (!noteBox.value) noteBox.value = entries.read().draft;
    for (const row of items.values()) fold(row);
    foreign.hidden = !Entries.others(account, site);
    showNotes();
    window.addEventListener("online", () => !stopped && send());
    document.addEventListener("visibilitychange", () => document.hidden || stopped || send());
    setInterval(look, LOOK);

    // The page itself, as it stands on the server, for the next time there is no connection.
    const renewPage = async () => {
      try {
        const page = await fetch(location.pathname);
        if (page.ok && !page.redirected) await (await caches.open(cacheName)).put(location.pathname, page);
      } catch {
        // the page kept before is still there
      }
    };
    const keepPage = async () => {
      if (!("serviceWorker" in navigator) || !window.caches) return;
      const worker = `${workerUrl}?${new URLSearchParams({ "tai-khoan": account, tinh: statics })}`;
      if (navigator.onLine) await navigator.serviceWorker.register(worker, { scope: location.pathname });
      const store = await caches.open(cacheName);
      await renewPage();
      const used = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
      const needed = used.filter((one) => one.origin === location.origin && one.pathname.startsWith(statics));
      for (const one of new Set(needed.map(({ origin, pathname }) => origin + pathname))) {
        if (!(await store.match(one))) await store.add(one).catch(() => {});
      }
      ready.hidden = !(await store.match(location.pathname));
    };
    keepPage().catch(() => {}); // the notes are kept all the same
    takeKept()
      .catch(() => {})
      .then(showPhotos)
      .then(() => (entries.read().entries.length || waitingPhotos.length ? send() : look()));
  }
}
