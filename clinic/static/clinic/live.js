// What changes while it is looked at: the part of a page with the id "live" is asked for again and fitted in place, so
// that a half-typed field, a chosen value and the focus stay. Everything works without it, by the page's refresh link.
"use strict";

(() => {
  const FIELDS = "input:not([type=hidden]), select, textarea";
  // What other scripts of ours mark: it is no matter of the server's.
  const MARKS = ["now", "armed"];
  const said = (what) => {
    const line = document.getElementById("live-said");
    if (line) line.textContent = line.dataset[what] ?? "";
  };

  const filled = (field) => {
    if (field === document.activeElement) return true;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(first, 0);
  };
  const inHand = (node) => node.nodeType === Node.ELEMENT_NODE && [...node.querySelectorAll(FIELDS)].some(filled);

  // The same thing, as it was and as it is. A form that leads elsewhere is another one: no button turns under a finger.
  const asked = (node, name) => node.getAttribute?.(name) ?? "";
  const same = (old, next) =>
    old.nodeName === next.nodeName && ["id", "action"].every((name) => asked(old, name) === asked(next, name));
  const blank = (node) => node.nodeType === Node.TEXT_NODE && !node.nodeValue.trim();

  const fitAttributes = (old, next) => {
    const marks = MARKS.filter((mark) => old.classList.contains(mark));
    for (const name of old.getAttributeNames()) {
      if (!next.hasAttribute(name) && name !== "open") old.removeAttribute(name);
    }
    for (const name of next.getAttributeNames()) {
      if (old.getAttribute(name) !== next.getAttribute(name)) old.setAttribute(name, next.getAttribute(name));
    }
    if (marks.length) old.classList.add(...marks);
  };

  const fit = (old, next, news) => {
    const ids = new Set([...next.children].map((child) => asked(child, "id")).filter(Boolean));
    for (const child of [...old.childNodes]) {
      if (asked(child, "id") && !ids.has(child.id)) remove(child, news);
    }
    let at = old.firstChild;
    for (const fresh of [...next.childNodes]) {
      while (at && blank(at) && !blank(fresh)) {
        const after = at.nextSibling;
        at.remove();
        at = after;
      }
      const named = asked(fresh, "id") && [...old.children].find((child) => asked(child, "id") === fresh.id);
      const found = named || (at && same(at, fresh) ? at : null);
      if (!found || !same(found, fresh)) {
        old.insertBefore(fresh, at);
        if (fresh.nodeType === Node.ELEMENT_NODE) news.added.push(fresh);
        continue;
      }
      if (found === at) at = at.nextSibling;
      else old.insertBefore(found, at);
      if (found.nodeType === Node.ELEMENT_NODE) {
        fitAttributes(found, fresh);
        fit(found, fresh, news);
      } else if (found.nodeValue !== fresh.nodeValue) found.nodeValue = fresh.nodeValue;
    }
    while (at) {
      const after = at.nextSibling;
      remove(at, news);
      at = after;
    }
  };

  const remove = (node, news) => {
    if (inHand(node)) news.taken = true;
    if (asked(node, "id")) news.removed = true;
    node.remove();
  };

  htmx.defineExtension("live", {
    isInlineSwap: () => false,
    handleSwap: (style, target, fragment) => {
      if (style !== "live") return false;
      const news = { added: [], taken: false, removed: false };
      const focused = document.activeElement;
      fit(target, fragment, news);
      if (!focused.isConnected) target.focus({ preventScroll: true });
      else if (focused !== document.activeElement) focused.focus({ preventScroll: true });
      if (news.taken) said("taken");
      else if (news.removed || news.added.some((node) => asked(node, "id"))) said("changed");
      return news.added;
    },
  });

  const ours = (event) => event.detail.elt?.id === "live";
  let lost = false;
  document.addEventListener("htmx:configRequest", (event) => {
    if (ours(event)) event.detail.headers["If-None-Match"] = event.detail.elt.dataset.tag;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (ours(event) && document.hidden) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!ours(event)) return;
    const { status } = event.detail.xhr;
    if (status !== 200 && status !== 304) return;
    event.detail.elt.dataset.tag = event.detail.xhr.getResponseHeader("ETag") ?? "";
    if (status === 304) event.detail.shouldSwap = false;
    if (lost) said("back");
    lost = false;
  });
  const failed = (event) => {
    if (event.detail.xhr?.status === 401) document.getElementById("logged-out")?.removeAttribute("hidden");
    else if (ours(event)) {
      said("lost");
      lost = true;
    }
  };
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, failed);
  document.addEventListener("visibilitychange", () => {
    const part = document.getElementById("live");
    if (part && !document.hidden) htmx.trigger(part, "refresh");
  });
})();
