// Starts GOV.UK Frontend's components and ours. Everything works without it.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

for (const link of document.querySelectorAll("[data-print]")) {
  link.hidden = false;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    window.print();
  });
}
if (document.querySelector("form[data-autosave]")) import("./autosave.js");
if (document.querySelector("meta[name=session-ends]")) import("./session.js");
if (document.querySelector("[data-copy]")) import("./copy.js");
if (document.querySelector("[data-job]")) import("./job.js");
