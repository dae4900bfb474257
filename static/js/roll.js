// The roll for one thumb on a bad network. Every tap is kept in this browser under the meeting and the account,
// sent in the background in batches that count once, and let go of when the server has answered. Kept are keys,
// states, reasons and moments, no names. Without this file the page is one form with a button.
"use strict";
{
  const form = document.querySelector("form[data-roll]");
  const PREFIX = "roll:";
  const PAUSE = 400; // ms after the last tap
  const PAUSE_TYPING = 1000;
  const AGAIN = 8000; // ms until the next try without an answer
  const LOOK = 15000; // ms between two looks at what others marked
  const PATIENCE = 15000;

  const keptOf = (account) => (name) => name.startsWith(PREFIX) && !name.startsWith(`${PREFIX}${account}:`);
  const forget = (which) => {
    for (const name of Object.keys(localStorage).filter(which)) localStorage.removeItem(name);
  };

  if (form) {
    const { roll, account, url, done, needed, signOut } = form.dataset;
    const name = `${PREFIX}${account}:${roll}`;
    const rows = new Map([...form.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row]));
    const status = form.querySelector("[data-roll-status]");
    const trouble = form.querySelector("[data-roll-trouble]");
    const signIn = form.querySelector("[data-sign-in]");
    const quorum = form.querySelector("[data-quorum]");
    const token = form.elements.namedItem("csrfmiddlewaretoken").value;
    forget(keptOf(account)); // what somebody else left on this phone is not ours to send
    document.addEventListener("submit", (event) => {
      if (event.target.getAttribute("action") === signOut) forget((one) => one.startsWith(PREFIX));
    });

    // --- what waits: {marks: {row: mark}, sending: {key, marks} or null} ---

    let inHand = null; // only where the browser keeps nothing
    const waiting = () => {
      try {
        const kept = inHand ?? JSON.parse(localStorage.getItem(name));
        return { marks: kept?.marks ?? {}, sending: kept?.sending ?? null };
      } catch {
        return { marks: {}, sending: null };
      }
    };
    const keep = (store) => {
      try {
        if (store.sending || Object.keys(store.marks).length) localStorage.setItem(name, JSON.stringify(store));
        else localStorage.removeItem(name);
        inHand = null;
      } catch {
        inHand = store;
      }
    };
    const pending = (store = waiting()) => ({ ...(store.sending?.marks ?? {}), ...store.marks });

    // --- what the page shows ---

    const stateOf = (row) => row.querySelector("input[type=radio]:checked")?.value ?? "unknown";
    const show = (row, state, reason) => {
      for (const radio of row.querySelectorAll("input[type=radio]")) radio.checked = radio.value === state;
      const field = row.querySelector(".why input");
      if (document.activeElement !== field) field.value = reason;
    };
    const count = () => {
      const found = { present: 0, excused: 0, absent: 0, unknown: 0 };
      let voting = 0;
      for (const row of rows.values()) {
        const state = stateOf(row);
        found[state] += 1;
        if (state === "present" && "votes" in row.dataset) voting += 1;
        row.querySelector("[data-unmarked]").hidden = state !== "unknown";
      }
      for (const [state, number] of Object.entries(found)) {
        const box = form.querySelector(`[data-count=${state}]`);
        if (box.textContent !== String(number)) box.textContent = number;
      }
      const word = voting >= Number(needed) ? quorum.dataset.yes : quorum.dataset.no;
      if (quorum.textContent !== word) quorum.textContent = word;
      return found.unknown;
    };
    let isAway = false; // no answer from the server
    const say = () => {
      const kept = pending();
      const number = Object.keys(kept).length;
      for (const [key, row] of rows) row.toggleAttribute("data-kept", isAway && key in kept);
      const unknown = count();
      const left = unknown ? `Còn ${unknown} người chưa điểm danh` : "Đã điểm danh đủ";
      let words = `${left} · đã lưu`;
      if (number && isAway) {
        const where = inHand ? "trên trang này, đừng đóng trang" : "trên máy này";
        words = `Mất kết nối. Giữ ${number} người ${where}, có mạng sẽ tự gửi.`;
      } else if (number) words = `${left} · đang gửi`;
      if (status.textContent !== words) status.textContent = words;
    };
    const complain = (words, withSignIn = false) => {
      trouble.hidden = !words;
      trouble.querySelector("[data-trouble-words]").textContent = words;
      signIn.hidden = !withSignIn;
    };

    // --- taps ---

    let timer = 0;
    const soon = (pause) => {
      clearTimeout(timer);
      timer = setTimeout(send, pause);
    };
    const tapped = (key, mark, pause = PAUSE) => {
      const store = waiting();
      store.marks[key] = { ...mark, at: Date.now() };
      keep(store);
      say();
      soon(pause);
    };
    form.addEventListener("change", ({ target }) => {
      const row = target.closest("[data-row]");
      if (!row || target.type !== "radio") return;
      const field = row.querySelector(".why input");
      if (target.value !== "excused") field.value = "";
      tapped(row.dataset.row, { state: target.value, reason: field.value });
    });
    form.addEventListener("input", ({ target }) => {
      const row = target.closest(".why")?.closest("[data-row]");
      if (row) tapped(row.dataset.row, { state: "excused", reason: target.value }, PAUSE_TYPING);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.closest(".why")) return;
      event.preventDefault();
      event.target.blur();
    });

    // --- sending ---

    const newKey = () => {
      const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    };
    const take = (answer) => {
      const kept = pending();
      for (const [key, state, reason] of answer.rows) {
        const row = rows.get(String(key));
        if (row && !(key in kept)) show(row, state, reason);
      }
    };
    // The answer of the server; null where there is none, with what the page then says.
    const ask = async (options) => {
      const stop = new AbortController();
      const patience = setTimeout(() => stop.abort(), PATIENCE);
      try {
        const answer = await fetch(url, { ...options, signal: stop.signal, headers: { "X-CSRFToken": token } });
        isAway = false;
        const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
        if (isJson && answer.ok) return await answer.json();
        if (isJson) complain(`Chưa lưu được. ${(await answer.json()).error}`);
        else if (answer.redirected || answer.status === 403) {
          complain("Phiên đăng nhập đã hết. Điểm danh còn giữ trên máy này; đăng nhập lại là tự gửi.", true);
        } else isAway = true;
        stopped = !isAway;
      } catch {
        isAway = true;
      } finally {
        clearTimeout(patience);
      }
      return null;
    };
    let busy = false;
    let stopped = false; // refused: trying again by itself would change nothing
    let leaving = false;
    const send = async () => {
      clearTimeout(timer);
      if (busy) return;
      const store = waiting();
      if (!store.sending) {
        if (!Object.keys(store.marks).length) return finish();
        store.sending = { key: newKey(), marks: store.marks };
        store.marks = {};
        keep(store);
      }
      busy = true;
      const now = Date.now();
      const { key } = store.sending;
      const marks = Object.entries(store.sending.marks).map(([id, mark]) => ({
        id: Number(id),
        state: mark.state,
        reason: mark.reason ?? "",
        ago: Math.max(0, now - mark.at),
        rest: mark.rest === true,
      }));
      const answer = await ask({ method: "POST", body: JSON.stringify({ key, marks }) });
      busy = false;
      if (answer) {
        const rest = waiting();
        if (rest.sending?.key === key) rest.sending = null;
        keep(rest);
        complain("");
        take(answer);
      } else leaving = false;
      say();
      if (answer) send();
      else if (!stopped) soon(AGAIN);
      return undefined;
    };
    const finish = () => {
      say();
      if (leaving) location.assign(done);
    };
    const look = async () => {
      if (document.hidden || busy || stopped || Object.keys(pending()).length) return;
      const answer = await ask({});
      if (answer) take(answer);
      say();
    };

    form.addEventListener("submit", (event) => {
      const press = event.submitter?.value;
      if (press !== "save" && press !== "all") return; // the small acts are forms of their own
      event.preventDefault();
      if (press === "all") {
        const store = waiting();
        const kept = pending(store);
        for (const [key, row] of rows) {
          if (stateOf(row) !== "unknown" || key in kept) continue;
          store.marks[key] = { state: "present", rest: true, at: Date.now() };
          show(row, "present", "");
        }
        keep(store);
        say();
        soon(0);
        return;
      }
      leaving = true;
      stopped = false;
      send();
    });

    // --- what waited from before, and the network coming back ---

    for (const [key, mark] of Object.entries(pending())) if (rows.has(key)) show(rows.get(key), mark.state, mark.reason ?? "");
    window.addEventListener("online", () => !stopped && send());
    document.addEventListener("visibilitychange", () => document.hidden || (stopped ? 0 : send()));
    setInterval(look, LOOK);
    say();
    // A batch may have been answered while this page was on its way: look once, what came with it may be old.
    if (Object.keys(pending()).length) send();
    else look();
  }
}
