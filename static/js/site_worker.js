// Serves one page, the notes of one case taken on site, where there is no connection: the page itself and the static
// files it needs, nothing else. Kept under the account that opened it, seven days at most. The page is asked of the
// server first, and let go of when the server no longer gives it to this account: signed out, or off the team.
"use strict";
{
  const asked = new URL(self.location.href).searchParams;
  const account = asked.get("tai-khoan");
  const statics = asked.get("tinh");
  const page = new URL(self.registration.scope).pathname;
  const NAME = `site:${account}:${page}`;
  const PATIENCE = 6000; // ms for the page; then what is kept is better than a white screen
  const LONGEST = 7 * 24 * 3600 * 1000;

  const isFresh = (kept) => Date.now() - Date.parse(kept.headers.get("Date") ?? 0) < LONGEST;
  const keptPage = async () => {
    const kept = await (await caches.open(NAME)).match(page);
    if (!kept || isFresh(kept)) return kept;
    await caches.delete(NAME);
    return undefined;
  };

  const ofPage = async (request) => {
    const stop = new AbortController();
    const kept = await keptPage();
    const patience = kept ? setTimeout(() => stop.abort(), PATIENCE) : 0;
    try {
      const answer = await fetch(request, { signal: stop.signal });
      if (answer.ok && answer.type === "basic" && !answer.redirected) {
        await (await caches.open(NAME)).put(page, answer.clone());
      } else if (answer.type === "opaqueredirect" || [403, 404].includes(answer.status)) await caches.delete(NAME);
      return answer;
    } catch (error) {
      if (kept) return kept;
      throw error;
    } finally {
      clearTimeout(patience);
    }
  };

  const ofStatics = async (request) => {
    const store = await caches.open(NAME);
    const kept = await store.match(request.url);
    const fresh = fetch(request).then(async (answer) => {
      if (answer.ok && kept) await store.put(request.url, answer.clone());
      return answer;
    });
    if (!kept) return fresh;
    fresh.catch(() => {}); // without a connection what is kept is the newest there is
    return kept;
  };

  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => {
    const away = async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("site:") && !name.startsWith(`site:${account}:`)) await caches.delete(name);
      }
      await self.clients.claim();
    };
    event.waitUntil(away());
  });
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) return;
    if (request.mode === "navigate" && url.pathname === page) event.respondWith(ofPage(request));
    else if (url.pathname.startsWith(statics)) event.respondWith(ofStatics(request));
  });
}
