// Looks at every chart of many reports in headless Chromium: node labels.mjs WORK REPORTS, where WORK holds
// node_modules and REPORTS the report folders.
//
// At the picture's own size: no text on another or outside the picture, none smaller than 9 px; role, title and
// description.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

import { launch, withPage } from "./chromium.mjs";
import { faultsOf, readPicture, told } from "./picture.mjs";

const [work, reports] = process.argv.slice(2).map((path) => resolve(path));
const require = createRequire(join(work, "package.json"));

const SMALLEST_TEXT = 9;
/** Fewer charts than these would be no test of the labels. */
const FEWEST_CHARTS = 500;
const CHARTS_A_PAGE = 40;
const MOST_SHOWN = 20;

const names = readdirSync(reports);
const files = names.flatMap((name) => {
  const charts = readdirSync(join(reports, name, "charts"));
  return charts.filter((chart) => chart.endsWith(".svg")).map((chart) => join(name, "charts", chart));
});

/** Runs in the page: sets each picture in a shadow tree of its own, so that no id or style meets another's. */
function place(markups) {
  const parser = new DOMParser();
  const placed = markups.map((markup) => {
    const svg = parser.parseFromString(markup, "image/svg+xml").documentElement;
    const host = document.createElement("div");
    host.attachShadow({ mode: "open" }).append(document.adoptNode(svg));
    return host;
  });
  document.body.replaceChildren(...placed);
}

/** Runs in the page: what is to be read of each picture. */
function readPlaced() {
  return [...document.body.children].map((host) => window.readPicture(host.shadowRoot.firstElementChild));
}

async function readCharts(page, some) {
  await page.evaluate(place, some.map((file) => readFileSync(join(reports, file), "utf8")));
  return page.evaluate(readPlaced);
}

function faultsOfLabels(picture) {
  const small = picture.texts.filter(({ size }) => size < SMALLEST_TEXT - 0.01);
  return [...faultsOf(picture), ...small.map((text) => [`text of ${text.size.toFixed(1)} px`, told(text)])];
}

/** All faults, a line each. */
async function checkAll(page) {
  const faults = [];
  await page.setContent("<!doctype html><title>labels</title>");
  await page.evaluate(`window.readPicture = ${readPicture}`);
  for (let first = 0; first < files.length; first += CHARTS_A_PAGE) {
    const some = files.slice(first, first + CHARTS_A_PAGE);
    const pictures = await readCharts(page, some);
    pictures.forEach((picture, index) => {
      faults.push(...faultsOfLabels(picture).map(([what, where]) => `${some[index]}: ${what}: ${where}`));
    });
  }
  return faults;
}

const browser = await launch(require);
let faults;
try {
  faults = await withPage(browser, {}, checkAll);
} finally {
  await browser.close();
}
if (files.length < FEWEST_CHARTS) faults.push(`${reports}: fewer than ${FEWEST_CHARTS} charts: ${files.length}`);
for (const line of faults.slice(0, MOST_SHOWN)) console.log(line);
if (faults.length > MOST_SHOWN) console.log(`… and ${faults.length - MOST_SHOWN} more`);
const count = (number) => number.toLocaleString("en");
console.log(`labels: ${count(files.length)} charts of ${names.length} reports, ${count(faults.length)} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
