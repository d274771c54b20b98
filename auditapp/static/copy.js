// A button beside a text copies it; without script the text is there to be selected.
for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  const status = document.getElementById(`${button.dataset.copy}-copied`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      // Without https there is no clipboard of the browser's own; the older way still works.
      document.execCommand("copy");
    }
    status.textContent = "Copied";
  });
}
