// The counter's screens (tiếp nhận, làm ngay): what follows from the typing is asked for as one types, and the keyboard
// is enough. Every press also works without this, as a plain form.
"use strict";
(() => {
  const form = document.querySelector("form[data-counter]");
  if (!form) return;
  const $ = (id) => document.getElementById(id);
  const all = (selector, root = form) => [...root.querySelectorAll(selector)];
  const action = form.getAttribute("action");

  // --- what follows from the typing: fees, due time, what is missing, which fields are asked for ---------------
  let timer = 0;
  let waiting = 0;
  const idle = [];
  const settled = () => { if (!timer && !waiting) idle.splice(0).forEach((act) => act()); };
  function update(wait = 60) {
    clearTimeout(timer);
    timer = setTimeout(() => { timer = 0; form.dispatchEvent(new CustomEvent("vamco:update")); settled(); }, wait);
  }
  form.addEventListener("change", (event) => {
    if (event.target.type !== "file" && !("noLive" in event.target.dataset)) update();
  });
  form.addEventListener("input", (event) => { if ("live" in event.target.dataset) update(250); });
  document.addEventListener("htmx:beforeRequest", (event) => {
    waiting += 1;
    event.detail.xhr.typed = typed();
  });
  document.addEventListener("htmx:afterRequest", () => { waiting -= 1; setTimeout(settled); });

  // What is typed while an answer is on its way is not lost when the answer brings the field anew.
  const inputs = (root) => all("input[id]:not([type=hidden]):not([type=file]), select[id], textarea[id]", root);
  const value = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked : field.value);
  const typed = () => new Map(inputs(form).map((field) => [field.id, value(field)]));
  let later = new Map();
  document.addEventListener("htmx:beforeSwap", (event) => {
    const before = event.detail.xhr.typed;
    later = new Map(before ? inputs(form).filter((field) => before.get(field.id) !== value(field)).map((field) => [field.id, value(field)]) : []);
  });
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    for (const field of inputs(event.detail.target.isConnected ? event.detail.target : form)) {
      if (!later.has(field.id)) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = later.get(field.id);
      else field.value = later.get(field.id);
    }
    show();
  });

  function show() {
    const shown = $("shown");
    if (!shown) return;
    const fields = new Set(shown.dataset.fields.split(" "));
    for (const part of all("[data-field]")) part.hidden = !fields.has(part.dataset.field);
    const papers = new Set(shown.dataset.papers.split(" "));
    for (const row of all("tr[data-paper]")) row.classList.toggle("off", !papers.has(row.dataset.paper));
    const missing = new Set(shown.dataset.missing.split(" "));
    for (const field of all("[aria-invalid]")) {
      if (missing.has(field.id) || !field.id) continue;
      field.removeAttribute("aria-invalid");
      $(`${field.id}-error`)?.remove();
    }
  }
  const ask = (values) => window.htmx.ajax("POST", action, { source: "#live", swap: "none", values });

  // --- the procedure: three letters or initials, arrows, Enter ------------------------------------------------
  const q = $("q");
  const list = $("suggest");
  const options = () => (list ? all("[role=option]", list) : []);
  const marked = () => options().find((one) => one.getAttribute("aria-selected") === "true");
  function mark(step) {
    const some = options();
    if (!some.length) return;
    const at = Math.min(Math.max(some.indexOf(marked()) + step, 0), some.length - 1);
    some.forEach((one, i) => one.setAttribute("aria-selected", String(i === at)));
    some[at].scrollIntoView({ block: "nearest" });
    q.setAttribute("aria-activedescendant", some[at].id);
  }
  function shut() {
    list.replaceChildren();
    q.setAttribute("aria-expanded", "false");
    q.removeAttribute("aria-activedescendant");
  }
  function pick(option) {
    q.value = option.dataset.name;
    q.dataset.chosen = q.value;
    const code = option.value;
    shut();
    ask({ do: "update", pick: code }).then(() => {
      const part = $("case") ?? $("fields");
      const next = part && inputs(part).find((field) => field.offsetParent);
      if (document.activeElement === q || document.activeElement === document.body) next?.focus();
    });
  }
  if (q && list && !q.readOnly) {
    q.dataset.chosen = q.value;
    list.addEventListener("htmx:afterSwap", () => {
      q.setAttribute("aria-expanded", String(options().length > 0));
      mark(0);
      if (q.dataset.enter) { delete q.dataset.enter; if (marked()) pick(marked()); }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) { event.preventDefault(); pick(option); }
    });
    q.addEventListener("focus", () => q.select());
    q.addEventListener("blur", () => { shut(); if ($("procedure")?.value) q.value = q.dataset.chosen; });
    q.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(event.key === "ArrowDown" ? 1 : -1); }
      else if (event.key === "Enter" && q.value !== q.dataset.chosen) {
        event.preventDefault();
        if (options().length && !window.htmx.find("#q.htmx-request")) pick(marked()); else q.dataset.enter = "1";
      } else if (event.key === "Escape" && options().length) { event.preventDefault(); shut(); }
    });
    q.addEventListener("input", () => { delete q.dataset.enter; });
  }

  // --- the number: Enter (a scanner sends it) looks up, then goes where something is still to be typed ----------
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || !("number" in field.dataset)) return;
    event.preventDefault();
    const party = field.closest("[data-party]").dataset.party;
    const go = () => {
      const name = $(`${party}-name`);
      const same = $(`${party}-same`);
      const empty = same ?? (name && !name.value ? name : null);
      const next = empty ?? (party === "applicant" && q && !$("procedure")?.value ? q : $(`${party}-phone`) ?? name);
      const block = $(`party-${party}`);
      if (block?.contains(document.activeElement) || document.activeElement === document.body) next?.focus();
    };
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if (waiting || timer) idle.push(go); else go();
  });

  // --- papers: Space ticks, arrows move, F8 ticks all; scans are chosen or dropped -----------------------------
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("all" in button.dataset) {
      event.preventDefault();
      const tick = () => {
        const wanted = all("tr[data-paper]:not(.off) [data-tick]").filter((box) => !box.closest("tr").dataset.optional);
        wanted.forEach((box) => { box.checked = true; box.closest("tr").querySelector(".bad").checked = false; });
        wanted[0]?.dispatchEvent(new Event("change", { bubbles: true }));
        wanted.at(-1)?.focus();
      };
      if (timer || waiting) idle.push(tick); else tick();  // the answer on its way says which papers are asked for
    } else if ("add" in button.dataset) { event.preventDefault(); ask({ do: button.dataset.add }); }
    else if ("drop" in button.dataset) { event.preventDefault(); button.closest(".scan").remove(); update(); }
  });
  form.addEventListener("keydown", (event) => {
    if (!("tick" in event.target.dataset) || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const boxes = all("[data-tick]");
    const next = boxes[boxes.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  });
  const row = (event) => event.target.closest?.("tr[data-paper]");
  form.addEventListener("dragover", (event) => { if (row(event)) { event.preventDefault(); row(event).classList.add("over"); } });
  form.addEventListener("dragleave", (event) => row(event)?.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    const place = row(event);
    const field = place?.querySelector("input[type=file]");
    if (!field || !event.dataTransfer.files.length) return;
    event.preventDefault();
    place.classList.remove("over");
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener("htmx:afterSwap", (event) => {
    if (!event.target.closest?.(".c-scan")) return;
    form.dispatchEvent(new Event("input"));  // the draft keeps which scans are there
    update();
  });

  // --- a press waits for the answer on its way, so that what was told is what is taken --------------------------
  form.addEventListener("submit", (event) => {
    if (!timer && !waiting) return;
    event.preventDefault();
    event.stopPropagation();
    const button = event.submitter;
    idle.push(() => form.requestSubmit(button));
  });

  // --- a draft that came back: the procedure's own fields and papers are asked for with what was typed ----------
  let draft = null;
  try { draft = JSON.parse(localStorage.getItem(`vamco.draft.${document.body.dataset.user}.${form.dataset.draft}`)); } catch { /* no draft */ }
  if (draft && !("bound" in form.dataset)) {
    if ($("procedure")?.value) {
      const values = new FormData();
      for (const [name, one] of draft.values) if (!("checked" in one) || one.checked) values.append(name, one.value);
      values.set("do", "restore");
      ask(values);
    } else update(0);
  }

  // --- the slip prints at once; the page is ready for the next person ------------------------------------------
  const slip = document.querySelector("[data-print-slip]");
  if (slip && navigator.pdfViewerEnabled) {
    const frame = document.createElement("iframe");
    frame.className = "sr";
    frame.tabIndex = -1;
    frame.title = slip.textContent.trim();
    frame.setAttribute("aria-hidden", "true");
    frame.addEventListener("load", () => setTimeout(() => {
      try { frame.contentWindow.print(); } catch { /* the link prints */ }
      if (!document.activeElement || document.activeElement === frame) all("[autofocus]")[0]?.focus();
    }, 300));
    frame.src = slip.dataset.printSlip;
    document.body.append(frame);
  }

  show();
  const wrong = $("problems");
  if (wrong) (all("[aria-invalid]").find((field) => field.offsetParent) ?? wrong).focus();
  else if ($("reason")?.hasAttribute("autofocus")) $("reason").focus();
  else if (form.querySelector(".tick--ask")) (all(".remark input").find((field) => field.offsetParent && !field.value) ?? $("reason"))?.focus();
})();
