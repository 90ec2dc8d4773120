// Keys, drafts and lost connections on staff pages. Every page also works without it.
// How a page asks for each behaviour: vamco/web/README.md.
"use strict";
(() => {
  const body = document.body;
  const texts = document.getElementById("texts")?.dataset ?? {};
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // --- what the page says -------------------------------------------------------------------------------
  function say(text, { error = false, button = "", act = null } = {}) {
    const box = document.createElement("div");
    box.className = error ? "message message--error" : "message";
    const line = document.createElement("p");
    line.textContent = text;
    box.append(line);
    if (button) {
      const control = document.createElement("button");
      control.type = "button";
      control.className = "btn btn--small";
      control.textContent = button;
      control.addEventListener("click", () => { box.remove(); act?.(); });
      box.append(control);
    }
    document.getElementById("messages")?.append(box);
    return box;
  }

  // --- drafts: kept on this machine for one day, per user; never passwords, files or the form's token ------
  const PREFIX = "vamco.draft.";
  const mine = (name) => `${PREFIX}${body.dataset.user}.${name}`;
  const A_DAY = 24 * 3600 * 1000;
  const store = {
    read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    write(key, draft) { try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* full or forbidden: no draft */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
    keys() { try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; } },
  };
  const keeps = (field) => field.name && field.name !== "csrfmiddlewaretoken" && !field.disabled
    && !["password", "file", "submit", "button", "reset", "image"].includes(field.type)
    && !field.closest("[data-no-draft]") && (field.type !== "hidden" || field.name === "request_key" || "keep" in field.dataset);

  function collect(form) {
    return [...form.elements].filter(keeps).map((field) => [field.name, field.type === "checkbox" || field.type === "radio"
      ? { value: field.value, checked: field.checked } : { value: field.value }]);
  }
  function save(form) {
    store.write(mine(form.dataset.draft), { at: Date.now(), sent: false, values: collect(form) });
  }
  function restore(form, draft) {
    const left = new Map();
    for (const field of [...form.elements].filter(keeps)) {
      if (!left.has(field.name)) left.set(field.name, []);
      left.get(field.name).push(field);
    }
    let changed = false;
    for (const [name, value] of draft.values) {
      const fields = left.get(name) ?? [];
      const at = "checked" in value ? fields.findIndex((field) => field.value === value.value) : 0;
      const [field] = at < 0 ? [] : fields.splice(at, 1);
      if (!field) continue;
      if ("checked" in value) { changed ||= field.checked !== value.checked; field.checked = value.checked; }
      else if (field.value !== value.value) { changed ||= field.type !== "hidden"; field.value = value.value; }
    }
    return changed;
  }
  function startDrafts() {
    for (const key of store.keys()) {
      const draft = store.read(key);
      const others = body.dataset.user && !key.startsWith(mine(""));
      if (others || !draft || Date.now() - draft.at > A_DAY) store.drop(key);
    }
    for (const done of all("[data-draft-done]")) store.drop(mine(done.dataset.draftDone));
    const forms = all("form[data-draft]");
    const here = new Set(forms.map((form) => mine(form.dataset.draft)));
    if (body.dataset.user && !("keepDrafts" in body.dataset)) {
      for (const key of store.keys()) if (store.read(key)?.sent && !here.has(key)) store.drop(key);
    }
    for (const form of forms) {
      const key = mine(form.dataset.draft);
      const draft = store.read(key);
      const answered = "bound" in form.dataset;
      if (draft && !answered && restore(form, draft)) {
        const at = new Date(draft.at);
        const hour = `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
        say(`${texts.restored} ${hour}.`, { button: texts.drop, act: () => { store.drop(key); location.reload(); } });
        form.dispatchEvent(new CustomEvent("vamco:restored", { bubbles: true }));
      } else if (draft && answered) save(form);
      form.addEventListener("input", () => save(form));
      form.addEventListener("change", () => save(form));
    }
    for (const form of all("form[data-signout]")) {
      form.addEventListener("submit", () => store.keys().forEach(store.drop));
    }
  }

  // --- one press is one press; a lost connection keeps what was typed ----------------------------------
  const busy = new WeakSet();
  const asked = new WeakSet();
  function release(form) {
    busy.delete(form);
    asked.delete(form);
    all("[data-busy]", form).forEach((button) => { delete button.dataset.busy; button.removeAttribute("aria-disabled"); });
  }
  async function reachable() {
    if (!navigator.onLine) return false;
    if (!body.dataset.ping) return true;
    try {
      await fetch(body.dataset.ping, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(4000) });
      return true;
    } catch { return false; }
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.target || form.matches("[hx-post],[data-again]")) return;
    if (busy.has(form)) { event.preventDefault(); return; }
    if ("draft" in form.dataset && !asked.has(form)) {
      event.preventDefault();
      busy.add(form);
      const submitter = event.submitter;
      reachable().then((ok) => {
        busy.delete(form);
        if (!ok) { say(texts.offline, { error: true }).scrollIntoView({ block: "nearest" }); return; }
        asked.add(form);
        form.requestSubmit(submitter);
      });
      return;
    }
    busy.add(form);
    if ("draft" in form.dataset) {
      save(form);
      const key = mine(form.dataset.draft);
      store.write(key, { ...store.read(key), sent: true });
    }
    const pressed = event.submitter;
    setTimeout(() => { if (pressed) { pressed.dataset.busy = ""; pressed.setAttribute("aria-disabled", "true"); } });
    setTimeout(() => release(form), 20000);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) all("form").forEach(release); });
  document.addEventListener("htmx:sendError", () => say(texts.offline, { error: true }));
  document.addEventListener("htmx:responseError", () => say(texts.failed, { error: true }));

  // --- lists: j and k move, Enter opens, x selects -------------------------------------------------------
  const rows = () => all("[data-list] [data-row]").filter((row) => row.offsetParent !== null);
  const current = () => document.querySelector("[data-list] [data-row][aria-current]");
  const link = (row) => row?.querySelector("a[data-open]") ?? row?.querySelector("a[href]");
  function move(step) {
    const list = rows();
    if (!list.length) return;
    const at = list.indexOf(current());
    const next = list[Math.min(Math.max(at < 0 ? 0 : at + step, 0), list.length - 1)];
    current()?.removeAttribute("aria-current");
    next.setAttribute("aria-current", "true");
    next.scrollIntoView({ block: "nearest" });
    link(next)?.focus({ preventScroll: true });
  }
  function select(row) {
    const box = row?.querySelector('input[type="checkbox"]');
    if (!box) return false;
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }
  function count() {
    const n = all('[data-list] [data-row] input[type="checkbox"]:checked').length;
    all("[data-selected]").forEach((place) => { place.textContent = n; });
    all("[data-bulk]").forEach((bar) => { bar.hidden = n === 0; });
  }
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-list] [data-row]");
    if (!row || row === current()) return;
    current()?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
  });

  // --- keys --------------------------------------------------------------------------------------------
  const typing = (target) => target.closest?.('input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable]');
  const pressable = (name) => all("[data-key]").find((item) => item.dataset.key.toLowerCase() === name.toLowerCase()
    && item.offsetParent !== null && item.getAttribute("aria-disabled") !== "true" && !item.disabled);
  function press(item) {
    if (item.matches("input, select, textarea")) { item.focus(); item.select?.(); } else { item.focus(); item.click(); }
  }
  function showKeys() {
    const dialog = document.getElementById("all-keys");
    if (!dialog?.showModal) return;
    const list = dialog.querySelector("dl");
    const seen = new Set();
    list.replaceChildren();
    const add = (keys, label) => {
      if (!label || seen.has(keys.join())) return;
      seen.add(keys.join());
      const term = document.createElement("dt");
      keys.forEach((name) => { const key = document.createElement("kbd"); key.textContent = name; term.append(key, " "); });
      const text = document.createElement("dd");
      text.textContent = label;
      list.append(term, text);
    };
    const words = (item) => { const copy = item.cloneNode(true); all("kbd, .sr", copy).forEach((part) => part.remove()); return copy.textContent.trim(); };
    for (const item of all("[data-key]")) {
      if (item.offsetParent !== null) add([item.dataset.key], item.dataset.keyLabel || item.getAttribute("aria-label") || words(item) || item.labels?.[0]?.textContent.trim());
    }
    for (const entry of all(".keys > span")) add(all("kbd", entry).map((key) => key.textContent), words(entry));
    dialog.showModal();
  }
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    const name = event.key;
    const target = event.target instanceof Element ? event.target : body;
    if (target.closest("dialog[open]")) return;
    if (/^F([1-9]|1[0-2])$/.test(name)) {
      const item = pressable(name);
      if (item) { event.preventDefault(); press(item); }
      return;
    }
    const field = typing(target);
    if (field) {
      if (name === "Escape") field.blur();
      else if (name === "Enter" && field.matches("input, select") && field.form?.dataset.enter === "next") { event.preventDefault(); nextField(field); }
      return;
    }
    const done = () => event.preventDefault();
    const item = name.length === 1 ? pressable(name) : null;
    if (item) { done(); press(item); }
    else if (name === "j" || (name === "ArrowDown" && target.closest("[data-list]"))) { if (rows().length) { done(); move(1); } }
    else if (name === "k" || (name === "ArrowUp" && target.closest("[data-list]"))) { if (rows().length) { done(); move(-1); } }
    else if (name === "x") { if (select(current())) done(); }
    else if (name === "Enter" && target === body) { if (link(current())) { done(); link(current()).click(); } }
    else if (name === "/") { const find = document.getElementById("find"); if (find?.offsetParent) { done(); find.focus(); find.select(); } }
    else if (name === "?") { done(); showKeys(); }
    else if (name === "u") { const up = document.querySelector('a[rel~="up"]'); if (up) { done(); up.click(); } }
    else if (name === "Escape") document.querySelector("details.menu[open]")?.removeAttribute("open");
  }
  function nextField(field) {
    const list = [...field.form.elements].filter((other) => !other.disabled && other.type !== "hidden"
      && other.type !== "fieldset" && other.offsetParent !== null && other.tabIndex >= 0);
    const next = list[list.indexOf(field) + 1];
    field.dispatchEvent(new Event("change", { bubbles: true }));
    next?.focus();
    if (next?.matches("input")) next.select?.();
  }

  // --- dark or light by the user's choice, kept in a cookie so that the server paints it at once ----------
  function startTheme() {
    all(".menu__theme").forEach((part) => { part.hidden = false; });
    const mark = () => all("[data-theme-choice]").forEach((choice) => {
      choice.setAttribute("aria-pressed", String((document.documentElement.dataset.theme ?? "") === choice.dataset.themeChoice));
    });
    all("[data-theme-choice]").forEach((choice) => choice.addEventListener("click", () => {
      const theme = choice.dataset.themeChoice;
      if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
      document.cookie = `theme=${theme}; path=/; max-age=${theme ? 31536000 : 0}; samesite=lax`;
      mark();
    }));
    mark();
  }

  startDrafts();
  startTheme();
  count();
  document.addEventListener("change", count);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.removeAttribute("open"); });
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("[aria-disabled='true']")) event.preventDefault();
  });
  current()?.scrollIntoView({ block: "nearest" });
  document.querySelector(".bar nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });  // a phone's bar is short
})();
