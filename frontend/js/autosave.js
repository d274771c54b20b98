// Saves a form while it is being filled in: 0.8 s after the last key and when the tab is left. Nothing is kept in the
// browser. A save that got no answer is sent again unchanged, with its own key, so that it counts once.
const PAUSE = 800;
const AGAIN = 4000;
const HOUSE = ["csrf_token", "version", "idempotency_key"];

for (const form of document.querySelectorAll("form[data-autosave]")) start(form);

function start(form) {
  const status = form.querySelector("[data-saved]");
  let timer = 0;
  let changed = false; // something on the page has not been sent yet
  let waiting = null; // what was sent and not yet answered well
  let running = null; // the promise of the request under way
  let overtaken = false; // somebody else saved: their choice comes first
  let leaving = false;

  const say = (trouble, ...words) => {
    status.classList.toggle("app-saved--trouble", trouble);
    status.replaceChildren(...words);
  };
  const later = (after) => {
    clearTimeout(timer);
    timer = setTimeout(save, after);
  };

  function save() {
    running ??= send().finally(() => (running = null));
    return running;
  }

  async function send() {
    clearTimeout(timer);
    if (overtaken || (!waiting && !changed)) return;
    if (!waiting) {
      waiting = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
      waiting.set("idempotency_key", newKey());
      changed = false;
    }
    let answer;
    let told;
    try {
      const kept = waiting.toString().length < 60000;
      answer = await fetch(form.dataset.autosave, { method: "POST", body: waiting, headers: { "X-Autosave": "1" }, keepalive: kept });
      told = await answer.json().catch(() => ({}));
    } catch {
      say(true, "You are offline. Your text is kept on this page and will be saved when the connection is back.");
      return later(AGAIN);
    }
    if (answer.ok && "version" in told) {
      form.elements.version.value = told.version;
      waiting = null;
      document.dispatchEvent(new Event("auditapp:active"));
      say(false, `Saved ${told.saved_at}`);
      if (changed) later(PAUSE);
    } else if (answer.status === 409) {
      waiting = null;
      overtaken = true;
      choose(told);
    } else if (answer.status === 401 || answer.status === 400) {
      if (await freshToken()) return later(100);
      say(true, "You were signed out. Your text is kept on this page. ", signInLink(), " and come back: it will then be saved.");
      later(AGAIN);
    } else if (answer.status === 422 || answer.status === 413) {
      waiting = null;
      say(true, `Not saved: ${told.said ?? "something on this page cannot be kept."}`);
    } else {
      say(true, `Not saved yet: ${told.said ?? "the service did not answer."} Your text is kept on this page.`);
      later(AGAIN);
    }
  }

  // Signed in again, perhaps in another tab: what was typed needs the new session's token.
  async function freshToken() {
    const answer = await fetch("/session/token", { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return false;
    const { csrf_token: token } = await answer.json();
    const stale = waiting.get("csrf_token") !== token;
    waiting.set("csrf_token", token);
    form.elements.csrf_token.value = token;
    return stale;
  }

  // Somebody else saved first: both texts, and the choice.
  function choose(told) {
    say(true, "Someone else changed this. Compare the two texts at the top of this page.");
    const box = make("section", { className: "app-conflict", tabIndex: -1 });
    const heading = make("h2", { className: "govuk-heading-m", textContent: "Someone else changed this" });
    heading.id = "someone-else";
    box.setAttribute("aria-labelledby", heading.id);
    const table = make("table", { className: "govuk-table" });
    table.append(make("caption", { className: "govuk-table__caption", textContent: "What differs" }), row("th", "Question", "Yours", "Theirs"));
    for (const [name, theirs] of Object.entries(told.theirs)) {
      const mine = new FormData(form).getAll(name).join("\n").replaceAll("\r\n", "\n");
      if (mine.trim() !== String(theirs).trim()) table.append(row("td", told.labels?.[name] ?? name, shown(name, mine), shown(name, theirs)));
    }
    const buttons = make("div", { className: "govuk-button-group" });
    buttons.append(
      button("Save mine in place of theirs", () => (changed = true)),
      button("Take theirs", () => {
        for (const [name, theirs] of Object.entries(told.theirs)) put(name, String(theirs));
        changed = false;
        say(false, "Their text is on the page now.");
      }),
    );
    function button(text, does) {
      const made = make("button", { type: "button", className: "govuk-button govuk-button--secondary", textContent: text });
      made.addEventListener("click", () => {
        form.elements.version.value = told.version;
        overtaken = false;
        does();
        box.remove();
        form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
        save();
      });
      return made;
    }
    box.append(heading, make("p", { className: "govuk-body", textContent: `${told.by} saved this page on ${told.at}, after you opened it. Nothing of yours is lost.` }), table, buttons);
    form.before(box);
    box.focus();
  }

  const controls = (name) => [...form.elements].filter((control) => control.name === name);
  const shown = (name, value) => {
    const picked = controls(name).filter((control) => control.labels && /radio|checkbox/.test(control.type) && value.split("\n").includes(control.value));
    return picked.length ? picked.map((control) => control.labels[0].textContent.trim()).join(", ") : value;
  };
  const put = (name, value) => {
    for (const control of controls(name)) {
      if (/radio|checkbox/.test(control.type)) control.checked = value.split("\n").includes(control.value);
      else control.value = value;
    }
  };

  form.addEventListener("input", (event) => {
    if (HOUSE.includes(event.target.name)) return;
    changed = true;
    later(PAUSE);
  });
  // What was typed before this module had arrived counts too.
  if ([...form.elements].some(touched)) {
    changed = true;
    later(PAUSE);
  }
  document.addEventListener("visibilitychange", () => document.hidden && save());
  window.addEventListener("online", () => save());
  window.addEventListener("focus", () => waiting && save());
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (changed || waiting)) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    leaving = true;
    if (!running && !waiting) return;
    // A save without an answer comes first: the button's own save must not overtake it.
    event.preventDefault();
    leaving = false;
    save().then(() => {
      if (waiting || overtaken) return;
      changed = false;
      leaving = true;
      form.requestSubmit(event.submitter);
    });
  });
}

function touched(control) {
  if (/radio|checkbox/.test(control.type)) return control.checked !== control.defaultChecked;
  return /text/.test(control.type) && control.value !== control.defaultValue;
}

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function row(kind, ...texts) {
  const made = make("tr", { className: "govuk-table__row" });
  texts.forEach((text, at) => {
    const cell = make(kind === "th" || at === 0 ? "th" : "td", { className: "govuk-table__cell app-said", textContent: text });
    if (cell.tagName === "TH") cell.scope = kind === "th" ? "col" : "row";
    made.append(cell);
  });
  return made;
}

function signInLink() {
  const address = document.querySelector("meta[name=session-ends]")?.dataset.signIn ?? "/";
  return make("a", { href: address, target: "_blank", rel: "noopener", className: "govuk-link", textContent: "Sign in again (opens in a new tab)" });
}
