// Follows a job without reloading: asks how far it is, and shows its outcome when it has ended.
const box = document.querySelector("[data-job]");
const words = box.querySelector("[data-job-words]");
const count = box.querySelector("[data-job-count]");

async function look() {
  const answer = await fetch(box.dataset.job, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) {
    const job = await answer.json();
    if (job.state !== "running") return location.reload();
    if (words.textContent !== job.words && job.words) words.textContent = job.words;
    count.textContent = job.total ? `${job.done.toLocaleString("en-GB")} of ${job.total.toLocaleString("en-GB")}` : "";
  }
  setTimeout(look, 1500);
}
setTimeout(look, 700);
