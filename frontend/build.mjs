// Builds the static files that come from npm packages into vamco/web/static/vamco.
//   npm ci --ignore-scripts && npm run build           writes them
//   npm run build -- --check                           exits 1 when a committed file differs from a fresh build
// The output is committed, so that an installation needs no Node.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "vamco", "web", "static", "vamco");
const from = (path) => readFileSync(join(here, "node_modules", path), "utf8");
const version = (name) => JSON.parse(from(`${name}/package.json`)).version;

const govuk = sass.compile(join(here, "govuk.scss"), {
  loadPaths: [join(here, "node_modules")], style: "compressed", charset: false, quietDeps: true,
}).css;

const files = {
  "govuk.css": `/*! govuk-frontend ${version("govuk-frontend")}, MIT licence (govuk.LICENCE.txt); built from frontend/govuk.scss: do not edit */\n${govuk}\n`,
  "govuk.LICENCE.txt": readFileSync(join(here, "licences", "govuk-frontend.txt"), "utf8"),
  "htmx.min.js": `/*! htmx ${version("htmx.org")}, Zero-Clause BSD licence (htmx.LICENCE.txt) */\n${from("htmx.org/dist/htmx.min.js")}`,
  "htmx.LICENCE.txt": from("htmx.org/LICENSE"),
};

let stale = 0;
for (const [name, text] of Object.entries(files)) {
  if (!process.argv.includes("--check")) writeFileSync(join(out, name), text);
  else if (readFileSync(join(out, name), "utf8") !== text) { console.error(`${name} differs from a fresh build`); stale = 1; }
}
process.exit(stale);
