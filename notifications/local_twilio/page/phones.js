// Shows new texts every two seconds, except while somebody is typing a reply. The page works without it.
"use strict";

const seconds = 2;

async function refresh() {
  const typing = [...document.querySelectorAll("input")].some((field) => field.value !== "" || field === document.activeElement);
  if (typing || document.hidden) return;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const id of ["phones", "count"]) {
      const [now, next] = [document.getElementById(id), fresh.getElementById(id)];
      if (now.innerHTML !== next.innerHTML) now.replaceWith(next);
    }
  } catch {
    // The server is restarting: the next round finds it.
  }
}

setInterval(refresh, seconds * 1000);
