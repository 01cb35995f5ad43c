// The keys of the worklist, of the console and of a step's page. Both are plain pages without it; every decision is the server's.
"use strict";

(() => {
  const groups = new Map([...document.querySelectorAll("form[data-key]")].map((form) => [form.dataset.key, form]));
  let armed = null;

  const rowsNow = () => [...document.querySelectorAll("[data-row]")];
  const chosen = () => document.querySelector("[data-row].now");

  const choose = (row) => {
    chosen()?.classList.remove("now");
    row.classList.add("now");
    row.querySelector("a").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const all = rowsNow();
    const at = all.indexOf(chosen());
    const next = all[at < 0 ? 0 : at + by];
    if (next) choose(next);
  };

  // The choices of a form's first list, which a digit takes: an empty one is none.
  const list = (form) => form.querySelector("select");
  const choices = (form) => (list(form) ? [...list(form).options].filter((option) => option.value) : []);

  const arm = (form) => {
    armed?.classList.remove("armed");
    armed = form;
    if (!form) return;
    if (!list(form)) {
      form.requestSubmit();
      return;
    }
    form.classList.add("armed");
    list(form).focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
  };

  const take = (form, digit) => {
    const option = choices(form)[Number(digit) - 1];
    if (!option) return;
    list(form).value = option.value;
    form.requestSubmit();
  };

  const digit = (key) => {
    if (armed) {
      take(armed, key);
      return;
    }
    const row = rowsNow()[Number(key) - 1];
    // The browser itself goes to the row first, and takes the focus off everything.
  if (row) window.addEventListener("load", () => setTimeout(() => choose(row)));
  };

  const letter = (key) => {
    const row = chosen();
    if (row && key === "T") {
      row.querySelector("form")?.requestSubmit();
      return true;
    }
    if (row && "DAH".includes(key)) {
      window.location.assign(`${row.querySelector("a").href}#${key}`);
      return true;
    }
    if (groups.has(key)) {
      arm(groups.get(key));
      return true;
    }
    const link = document.querySelector(`a[data-key="${CSS.escape(key)}"]`);
    link?.click();
    return Boolean(link);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    const typing = event.target.matches?.("input, textarea, select") && event.target !== (armed && list(armed));
    if (typing) return;
    const search = event.key === "/" && document.querySelector("[data-search] input:not([type=hidden])");
    if (search) {
      search.focus();
      event.preventDefault();
      return;
    }
    const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
    if (key === "Escape") arm(null);
    else if (!armed && (key === "ArrowDown" || key === "ArrowUp") && rowsNow().length) step(key === "ArrowDown" ? 1 : -1);
    else if (/^[1-9]$/.test(key)) digit(key);
    else if (!/^[A-Z]$/.test(key) || !letter(key)) return;
    event.preventDefault();
  });

  for (const form of groups.values()) choices(form).slice(0, 9).forEach((option, at) => {
    option.textContent = `${at + 1} · ${option.textContent}`;
  });
  document.body.classList.add("keyed-list");
  const asked = groups.get(window.location.hash.slice(1));
  if (asked && list(asked)) arm(asked);
  // Back from a step that was taken in its row: the keys go on from there.
  const row = rowsNow().find((each) => each.id && `#${each.id}` === window.location.hash);
  // The browser itself goes to the row first, and takes the focus off everything.
  if (row) window.addEventListener("load", () => setTimeout(() => choose(row)));
})();
