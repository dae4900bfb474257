// What waits on this phone: entries as text in localStorage, photos in IndexedDB, both under the account and the case.
// Where the browser keeps nothing (full, private window) they are held by the open page alone, and it says so.
// keep.js lets go of everything when somebody signs out.
"use strict";
{
  const PREFIX = "site:";
  const newKey = () => {
    const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  // {entries: [{id, item, result, points, note, base, at, tried}], draft, photos: how many}
  class Entries {
    constructor(account, place) {
      this.name = `${PREFIX}${account}:${place}`;
      this.inHand = null;
    }

    read() {
      try {
        const kept = this.inHand ?? JSON.parse(localStorage.getItem(this.name));
        return { entries: kept?.entries ?? [], draft: kept?.draft ?? "", photos: kept?.photos ?? 0 };
      } catch {
        return { entries: [], draft: "", photos: 0 };
      }
    }

    write(store) {
      try {
        if (store.entries.length || store.draft || store.photos) localStorage.setItem(this.name, JSON.stringify(store));
        else localStorage.removeItem(this.name);
        this.inHand = null;
      } catch {
        this.inHand = store;
      }
    }

    // An entry that may have reached the server stays as it was sent; what is said after it is an entry of its own.
    put(said) {
      const store = this.read();
      const open = said.item === null ? undefined : store.entries.find((one) => one.item === said.item && !one.tried);
      if (open) Object.assign(open, { ...said, base: open.base, at: Date.now() });
      else store.entries.push({ id: newKey(), tried: false, at: Date.now(), ...said });
      this.write(store);
    }

    tried(ids) {
      const store = this.read();
      for (const one of store.entries) if (ids.has(one.id)) one.tried = true;
      this.write(store);
    }

    drop(ids) {
      const store = this.read();
      store.entries = store.entries.filter((one) => !ids.has(one.id));
      this.write(store);
    }

    note(values) {
      this.write({ ...this.read(), ...values });
    }

    // Of somebody else who used this phone: neither shown nor sent.
    static others(account, place) {
      const foreign = (name) => name.startsWith(PREFIX) && !name.startsWith(`${PREFIX}${account}:`);
      return Object.keys(localStorage).filter((name) => foreign(name) && name.endsWith(`:${place}`)).length;
    }
  }

  const settled = (asked) =>
    new Promise((done, failed) => {
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });

  // {id, account, place, item, name, at, blob, refused}
  class Photos {
    constructor(account, place) {
      this.mine = (one) => one.account === account && one.place === place;
      this.stamp = { account, place };
      this.loose = new Map(); // what the browser would not keep
    }

    async store(mode) {
      const asked = indexedDB.open("site", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("photos", { keyPath: "key" });
      this.base ??= await settled(asked);
      this.base.onversionchange = () => this.base.close(); // somebody signs out in another tab
      return this.base.transaction("photos", mode).objectStore("photos");
    }

    async all() {
      try {
        const kept = (await settled((await this.store("readonly")).getAll())).filter(this.mine);
        return [...kept, ...this.loose.values()].sort((one, other) => one.at - other.at);
      } catch {
        return [...this.loose.values()];
      }
    }

    // True where it is kept, false where only the open page holds it.
    async put(photo) {
      const whole = { id: newKey(), at: Date.now(), refused: "", ...photo, ...this.stamp };
      whole.key = `${whole.account}:${whole.id}`; // keep.js lets go of one account's by this
      try {
        await settled((await this.store("readwrite")).put(whole));
        this.loose.delete(whole.id);
        return true;
      } catch {
        this.loose.set(whole.id, whole);
        return false;
      }
    }

    async drop(id) {
      this.loose.delete(id);
      try {
        await settled((await this.store("readwrite")).delete(`${this.stamp.account}:${id}`));
      } catch {
        // never kept
      }
    }
  }

  // Pictures as small as the server would make them, so that a weak line carries them; others as they are.
  const LONGEST_SIDE = 2048;
  const drawn = async (file, side) => {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  };
  const shrunk = async (file) => {
    try {
      const canvas = await drawn(file, LONGEST_SIDE);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return blob && blob.size < file.size ? blob : file;
    } catch {
      return file;
    }
  };
  const thumb = async (blob) => {
    try {
      return (await drawn(blob, 168)).toDataURL("image/jpeg", 0.7);
    } catch {
      return "";
    }
  };

  const saveAs = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  window.siteKept = { Entries, Photos, shrunk, thumb, saveAs };
}
