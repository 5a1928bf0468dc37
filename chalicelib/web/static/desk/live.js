// Live regions, times that pass, and previews. Pages work without it.
(() => {
  "use strict";
  const SOONEST = 5000, CALMEST = 15000, CALMER = 1.5, LATEST = 60000, GIVE_UP = 30000, TYPING = 400, SLOWER = 10;
  const body = document.body, status = document.getElementById("status"), stale = document.getElementById("stale");
  const polls = new Map();
  let ahead = Number(body.dataset.now) - Date.now(), heard = Date.now();

  const regionsOf = (root, address) =>
    [...root.querySelectorAll("[data-live]")].filter((one) => one.dataset.live === address);
  const say = (words) => { if (words && status.textContent !== words) { status.textContent = words; } };
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // One poll serves all regions of an address. The next one is the later the slower the answer came, and the longer
  // nothing has changed. A region that says how often it wants to be asked is never asked more often.
  async function poll(address) {
    const one = polls.get(address);
    one.timer = 0;
    if (document.hidden || one.busy || !regionsOf(document, address).length) { return; }
    one.busy = true;
    const began = performance.now();
    try {
      const headers = one.version ? { "If-None-Match": one.version } : {};
      const limit = AbortSignal.timeout(GIVE_UP);
      const answer = await fetch(address, { headers, cache: "no-store", signal: limit });
      if (answer.status === 401 || answer.status === 403) { location.reload(); return; }
      if (answer.status !== 200 && answer.status !== 304) { throw new Error(String(answer.status)); }
      const text = answer.status === 200 ? await answer.text() : "";
      if (text) { await untilReleased(); show(address, text); one.version = answer.headers.get("ETag"); }
      heardAt(Number(answer.headers.get("Desk-Time")));
      one.wait = text ? SOONEST : Math.min(CALMEST, CALMER * one.wait);
    } catch {
      one.wait = Math.min(LATEST, 2 * one.wait);
      if (!one.broken) { one.broken = true; tick(); say(stale && stale.textContent); }
    } finally {
      one.busy = false;
    }
    const took = performance.now() - began;
    one.timer = setTimeout(poll, Math.max(one.every, Math.min(LATEST, Math.max(one.wait, SLOWER * took))), address);
  }

  function heardAt(time) {
    heard = Date.now();
    if (time) { ahead = time - heard; }
    for (const one of polls.values()) { one.broken = false; }
    tick();
  }

  // A list must not move under a finger that is on its way to a button.
  async function untilReleased() {
    while (document.querySelector("[data-live]:active")) {
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  function show(address, text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const region of regionsOf(document, address)) {
      const fresh = page.getElementById(region.id);
      if (fresh) { morph(region, fresh); say(fresh.dataset.say); }
    }
    tick();
  }

  const keyOf = (node) => (node.nodeType === 1 ? node.dataset.key || node.id : "");
  const alike = (one, other) => one.nodeName === other.nodeName && keyOf(one) === keyOf(other);

  // Makes one element like another. Whatever has the focus stays in its place: the others move around it.
  function morph(old, fresh) {
    for (const { name } of [...old.attributes]) { if (!fresh.hasAttribute(name)) { old.removeAttribute(name); } }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value) { old.setAttribute(name, value); }
    }
    let here = old.firstChild;
    for (const child of [...fresh.childNodes]) {
      const match = find(here, child);
      if (!match) { old.insertBefore(document.importNode(child, true), here); continue; }
      if (match !== here && match.contains(document.activeElement)) {
        while (here !== match) { const next = here.nextSibling; old.append(here); here = next; }
      } else if (match !== here) { old.insertBefore(match, here); }
      if (match === here) { here = here.nextSibling; }
      if (match.nodeType === 1) { morph(match, child); } else if (match.data !== child.data) { match.data = child.data; }
    }
    while (here) { const next = here.nextSibling; here.remove(); here = next; }
  }

  function find(from, wanted) {
    for (let node = from; node; node = node.nextSibling) { if (alike(node, wanted)) { return node; } }
    return null;
  }

  // Times that pass, by the server's clock: this machine's may be wrong.
  function tick() {
    const now = Date.now() + ahead;
    for (const one of document.querySelectorAll("time[data-ago]")) {
      one.textContent = length("ago", now - Date.parse(one.dateTime));
    }
    for (const one of document.querySelectorAll("time[data-left]")) {
      one.textContent = length("left", Date.parse(one.dateTime) - now);
    }
    const broken = [...polls.values()].some((one) => one.broken);
    if (stale) {
      stale.textContent = broken ? fill(stale.dataset.words, { ago: length("ago", Date.now() - heard) }) : "";
      stale.hidden = !broken;
    }
  }

  function length(of, milliseconds) {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000)), words = body.dataset;
    if (of === "ago" && seconds < 60) { return fill(words.agoSeconds, { n: seconds }); }
    const minutes = Math.floor(seconds / 60), values = { n: minutes, h: Math.floor(minutes / 60), m: minutes % 60 };
    return fill(words[minutes < 60 ? `${of}Minutes` : `${of}Hours`], values);
  }

  function preview(form) {
    const into = document.getElementById(form.dataset.into);
    let timer = 0, turn = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const mine = ++turn;
        try {
          const answer = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)) });
          if (answer.status === 401) { location.reload(); return; }
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          const fresh = page.getElementById(into.id);
          if (mine === turn && answer.ok && fresh) { morph(into, fresh); say(fresh.dataset.say); }
        } catch { if (mine === turn) { into.textContent = ""; } }
      }, TYPING);
    });
  }

  for (const one of document.querySelectorAll("[data-live]")) {
    if (!polls.has(one.dataset.live)) {
      const every = Math.max(SOONEST, 1000 * Number(one.dataset.every || 0));
      const asks = { version: one.dataset.version, every, wait: SOONEST, timer: 0, busy: false, broken: false };
      polls.set(one.dataset.live, asks);
      asks.timer = setTimeout(poll, every, one.dataset.live);
    }
  }
  document.addEventListener("visibilitychange", () => {
    for (const [address, one] of polls) {
      clearTimeout(one.timer);
      one.timer = 0;
      if (!document.hidden) { poll(address); }
    }
  });
  for (const form of document.querySelectorAll("form[data-preview]")) { preview(form); }
  setInterval(tick, 5000);
})();
