// Builds auditapp/static from npm's packages and our own sources. Run: npm ci && npm run build
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import * as sass from "sass";

const here = import.meta.dirname;
const out = join(here, "..", "auditapp", "static");
const from = (...parts) => join(here, "node_modules", ...parts);

const css = sass.compile(join(here, "app.scss"), {
  loadPaths: [here],
  style: "compressed",
  quietDeps: true,
}).css;
for (const foreign of ["GDS Transport", "url(", "@import"]) {
  if (css.includes(foreign)) throw new Error(`the style sheet names "${foreign}", which is not ours to serve`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "licences"), { recursive: true });
writeFileSync(join(out, "app.css"), css);
copyFileSync(from("govuk-frontend", "dist", "govuk", "govuk-frontend.min.js"), join(out, "govuk-frontend.min.js"));
copyFileSync(join(here, "licences", "govuk-frontend.txt"), join(out, "licences", "govuk-frontend.txt"));
copyFileSync(join(here, "licences", "moj-frontend.txt"), join(out, "licences", "moj-frontend.txt"));
for (const folder of ["js", "images"]) {
  for (const name of readdirSync(join(here, folder))) copyFileSync(join(here, folder, name), join(out, name));
}
// A source map is not served, so its address would be a request for nothing.
const bundle = join(out, "govuk-frontend.min.js");
writeFileSync(bundle, readFileSync(bundle, "utf8").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));

const files = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
const manifest = Object.fromEntries(
  files(out)
    .map((path) => [relative(out, path).replaceAll("\\", "/"), createHash("sha256").update(readFileSync(path)).digest("hex")])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
