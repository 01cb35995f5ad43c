/* Offers practices while an NPI is typed, and fills in what is known of the one that was chosen. Without it the page's
   own button does the same. */
(() => {
  const form = document.querySelector(".referral");
  const npi = form.elements.npi;
  const list = document.getElementById("practices");
  const fields = ["practice", "office_phone", "after_hours_phone", "fax", "direct_address"];
  let asked = "";

  const fill = (practice) => {
    for (const name of fields) {
      if (!form.elements[name].value) form.elements[name].value = practice[name];
    }
  };

  const look = async () => {
    const typed = npi.value.trim();
    if (typed === asked || !/^\d{2,10}$/.test(typed)) return;
    asked = typed;
    const body = new FormData();
    body.set("npi", typed);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const answer = await fetch(form.dataset.practices, { method: "POST", body });
    if (!answer.ok || npi.value.trim() !== typed) return;
    const { practices } = await answer.json();
    list.replaceChildren(...practices.map((each) => {
      const option = document.createElement("option");
      option.value = each.npi;
      option.label = each.practice;
      return option;
    }));
    if (practices.length === 1 && practices[0].npi === typed) fill(practices[0]);
  };

  npi.addEventListener("input", look);
})();
