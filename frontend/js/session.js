// Two minutes before the login session ends: says so, with one button to stay (WCAG 2.2.1). Looking does not extend it.
const meta = document.querySelector("meta[name=session-ends]");
const WARN = 120;
let ends = 0;
let box = null;
let asking = false;

const begin = (seconds) => {
  ends = Date.now() + seconds * 1000;
  box?.remove();
  box = null;
};

const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

function tell(text, control) {
  if (box?.dataset.text === text) return;
  box?.remove();
  box = make("section", { className: "app-session" });
  box.dataset.text = text;
  box.setAttribute("aria-label", "Your session");
  const words = make("p", { className: "govuk-body", textContent: text });
  words.setAttribute("role", "alert");
  box.append(words, control);
  document.body.append(box);
}

async function look() {
  const left = (ends - Date.now()) / 1000;
  if (left > WARN || asking) return;
  asking = true;
  const answer = await fetch("/session/token", { headers: { Accept: "application/json" } }).catch(() => null);
  asking = false;
  if (answer?.ok) {
    const { seconds } = await answer.json();
    if (seconds > WARN) return begin(seconds);
    ends = Date.now() + seconds * 1000;
    const stay = make("button", { type: "button", className: "govuk-button", textContent: "Stay signed in" });
    stay.addEventListener("click", keep);
    tell("You will be signed out in 2 minutes unless you stay. What you typed is kept on this page.", stay);
  } else if (answer?.status === 401) {
    const link = make("a", { href: meta.dataset.signIn, target: "_blank", rel: "noopener", className: "govuk-button", textContent: "Sign in (opens in a new tab)" });
    tell("You have been signed out. What you typed is still on this page.", link);
  }
}

async function keep() {
  const { csrf_token: token } = await (await fetch("/session/token", { headers: { Accept: "application/json" } })).json();
  const answer = await fetch(meta.dataset.stay, { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" } });
  if (answer.ok) begin((await answer.json()).seconds);
}

begin(Number(meta.content));
meta.dataset.watched = "yes";
document.addEventListener("auditapp:active", () => begin(Number(meta.content)));
setInterval(look, 15000);
