// The keys of the call's script. The page is a plain form without it; every decision is the server's.
"use strict";

(() => {
  const form = document.getElementById("script");
  if (!form) return;

  const asks = [...form.querySelectorAll(".ask")];
  const nav = document.getElementById("script-nav");
  const notice = document.getElementById("script-notice");
  const send = document.getElementById("send-default");
  const spared = new Set();
  let now = null;
  let begun = "answering" in form.dataset;
  let warned = false;
  let sent = false;
  let question = 0;
  let later = 0;

  // What the page is made of does not change while a call is taken: it is looked up once, not at every key.
  const chooses = new Map(asks.map((ask) => [ask, [...ask.querySelectorAll('input[type="radio"]')]]));
  const lines = new Map(asks.map((ask) => [ask, ask.querySelector(".ask-line input")]));
  const conditions = new Map(asks.map((ask) => [ask, JSON.parse(ask.dataset.when || "[]")]));
  const parts = [...form.querySelectorAll(".script-part")].map((part) => ({
    part,
    mine: asks.filter((ask) => part.contains(ask)),
    link: nav.querySelector(`[data-part="${part.dataset.part}"]`),
  }));

  const radios = (ask) => chooses.get(ask);
  const line = (ask) => lines.get(ask);
  const hide = (element, hidden) => {
    if (element.hidden !== hidden) element.hidden = hidden;
  };
  const say = (element, words) => {
    if (element.textContent !== words) element.textContent = words;
  };
  const shown = (ask) => !ask.hidden && !ask.closest("details:not([open])");
  const named = new Map(asks.map((ask) => [ask.dataset.name, ask]));

  const answerOf = (ask) => {
    const typed = line(ask);
    if (typed) return typed.value.trim();
    const chosen = radios(ask).find((each) => each.checked);
    return chosen ? chosen.value : "";
  };

  // The same conditions as the questionnaire's own: what was not answered counts as not known.
  const holds = (condition) => {
    const ask = named.get(condition.key);
    const given = ask && !ask.hidden ? answerOf(ask) : "";
    if (condition.answered !== null) return (given !== "") === condition.answered;
    return condition.any_of.includes(given || "unknown");
  };

  const refresh = () => {
    for (const ask of asks) {
      hide(ask, !conditions.get(ask).every(holds) || spared.has(ask.dataset.name));
    }
    let place = 0;
    for (const { part, mine, link } of parts) {
      const asked = mine.filter((ask) => !ask.hidden);
      hide(part, !asked.length);
      hide(link.parentElement, part.hidden);
      if (part.hidden) continue;
      // Numbered as they stand there: the digit is the key, and none is left out. An eleventh has no digit of its own.
      place += 1;
      link.dataset.jump = place > 10 ? "" : String(place % 10);
      say(link.firstElementChild, link.dataset.jump);
      hide(link.firstElementChild, !link.dataset.jump);
      say(link.lastElementChild, `${asked.filter((ask) => answerOf(ask)).length}/${asked.length}`);
    }
    for (const panel of form.querySelectorAll(".script-danger")) {
      const yes = asks.some((ask) => ask.dataset.ends === panel.dataset.danger && answerOf(ask) === "yes");
      panel.classList.toggle("shown", yes);
    }
    tell();
  };

  const unasked = () => asks.filter((ask) => "matters" in ask.dataset && !ask.hidden && !answerOf(ask));

  const tell = (again = false) => {
    const open = unasked();
    const all = !open.length && asks.some((ask) => "matters" in ask.dataset);
    notice.classList.toggle("open", again);
    if (again) say(notice, `${notice.dataset.open}: ${open.length}. ${notice.dataset.again}`);
    else say(notice, all ? notice.dataset.done : `${notice.dataset.open}: ${open.length}`);
  };

  const mark = (ask) => {
    if (now === ask) return;
    if (now) now.classList.remove("now");
    now = ask;
    ask.classList.add("now");
    form.elements.at.value = ask.dataset.name;
    const part = ask.closest(".script-part");
    for (const link of nav.querySelectorAll("a")) {
      if (link.dataset.part === part.dataset.part) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
  };

  const go = (ask) => {
    if (!ask) return;
    mark(ask);
    // The group, not its first answer: a ring around "yes" would look like one.
    const target = line(ask) || ask.querySelector(".ask-answers");
    target.focus({ preventScroll: true });
    if (line(ask)) target.select();
    ask.scrollIntoView({ block: "center" });
  };

  const move = (step) => {
    warned = false;
    tell();
    const seen = asks.filter(shown);
    const at = seen.indexOf(now);
    const next = at < 0 ? asks.slice(asks.indexOf(now)).find(shown) : seen[at + step];
    go(next);
  };

  // Which questions the rules still read is the server's to say; and when the first answer came, by its clock.
  const askServer = async () => {
    const mine = (question += 1);
    const first = !begun;
    begun = true;
    try {
      const answer = await fetch(form.dataset.asked, { method: "POST", body: new FormData(form) });
      if (!answer.ok) return;
      const told = await answer.json();
      if (first) form.elements.call.value = told.call;
      if (mine !== question) return;
      const asked = new Set(told.asked);
      for (const ask of asks) {
        if (!("spared" in ask.dataset)) continue;
        if (asked.has(ask.dataset.name)) spared.delete(ask.dataset.name);
        else spared.add(ask.dataset.name);
      }
      refresh();
      if (now && !shown(now)) move(1);
    } catch {
      // Without an answer everything stays asked.
    }
  };

  const changed = () => {
    warned = false;
    refresh();
    if (!begun) {
      askServer();
      return;
    }
    clearTimeout(later);
    later = setTimeout(askServer, 150);
  };

  const danger = () => form.querySelector(".script-danger.shown");

  const choose = (key) => {
    const chosen = radios(now).find((each) => each.dataset.key === key);
    if (!chosen) return false;
    chosen.checked = true;
    changed();
    const ends = now.dataset.ends;
    if (ends && chosen.value === "yes") {
      const panel = danger();
      panel.scrollIntoView({ block: "center" });
      panel.querySelector("button").focus({ preventScroll: true });
    } else {
      move(1);
    }
    return true;
  };

  const submit = () => {
    if (sent) return;
    if (!danger() && unasked().length && !warned) {
      warned = true;
      tell(true);
      return;
    }
    form.requestSubmit(send);
  };

  const jump = (on) => {
    nav.classList.toggle("jumping", on);
    if (on) nav.querySelector("li:not([hidden]) a").focus();
    else if (now) go(now);
  };

  const jumpTo = (part) => {
    nav.classList.remove("jumping");
    if (part.matches("details")) part.open = true;
    go(asks.find((ask) => part.contains(ask) && shown(ask)));
  };

  const jumping = (event) => {
    const link = [...nav.querySelectorAll("a")].find(
      (each) => each.dataset.jump === event.key && !each.parentElement.hidden,
    );
    if (link) jumpTo(document.getElementById(link.hash.slice(1)));
    else if (event.key === "Escape") jump(false);
    else if (event.key === "Enter" && document.activeElement.hash) {
      jumpTo(document.getElementById(document.activeElement.hash.slice(1)));
    } else return;
    event.preventDefault();
  };

  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (nav.classList.contains("jumping")) {
      jumping(event);
      return;
    }
    const target = event.target;
    const typing = target.matches?.(".ask-line input");
    const button = target.closest?.("button, a, summary");
    const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
    if (key === "ArrowDown" || key === "ArrowUp") move(key === "ArrowDown" ? 1 : -1);
    else if (key === "Enter" && !(button && button.id !== "send")) submit();
    else if (typing && key === "Escape") target.blur();
    else if (typing || event.repeat) return;
    else if (key === "/") jump(true);
    else if (key === "L") form.querySelector("[data-other]").click();
    else if (key === "C" && form.elements.answers_are_right) form.elements.answers_are_right.click();
    else if (!now || !choose(key)) return;
    event.preventDefault();
  };

  form.classList.add("keyed");
  document.addEventListener("keydown", onKey);
  form.addEventListener("input", refresh);
  form.addEventListener("change", changed);
  form.addEventListener("focusin", (event) => {
    const ask = event.target.closest(".ask");
    if (ask) mark(ask);
  });
  form.addEventListener("toggle", refresh, true);
  form.addEventListener("submit", () => {
    sent = true;
  });
  window.addEventListener("pageshow", () => {
    sent = false;
  });
  nav.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    jumpTo(document.getElementById(link.hash.slice(1)));
  });

  refresh();
  if (begun) askServer();
  const wrong = asks.find((ask) => ask.classList.contains("ask-wrong"));
  go(wrong || named.get(form.dataset.at) || asks.find((ask) => shown(ask)));
})();

// What follows: a digit goes to the time of that number, Enter takes it.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("input, textarea, select")) return;
  const button = document.querySelector(`[data-digit="${CSS.escape(event.key)}"]`);
  if (!button) return;
  button.focus();
  event.preventDefault();
});
