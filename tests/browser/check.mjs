// Looks at report folders in headless Chromium: node check.mjs FOLDER, which holds reports-* and node_modules.
//
// Page: WCAG 2.2 A and AA and axe's best practice, valid HTML, no network, no console error, no sideways
// scrolling at 320 px; every figure shows one chart on a wide screen, a narrow one and paper. Charts: role, title
// and description, and no text on another or outside the picture, in files and on the page.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { launch, withPage } from "./chromium.mjs";
import { faultsOf, readPicture } from "./picture.mjs";

const work = resolve(process.argv[2]);
const require = createRequire(join(work, "package.json"));
const { HtmlValidate } = require("html-validate");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 640 };
/** A4 between margins of 2 cm. */
const PAPER = { width: 642, height: 971 };
/** How figures are looked at. */
const VIEWS = [
  { name: "at 1280 px", viewport: WIDE, media: "screen" },
  { name: "at 320 px", viewport: NARROW, media: "screen" },
  { name: "on paper", viewport: PAPER, media: "print" },
];
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// The standard preset as it is; a rule that is set otherwise stands here with its reason.
const HTML_RULES = {};

const faults = [];

function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}

function fault(file, what, where) {
  faults.push(`${file}: ${what}: ${where}`);
}

function address(path) {
  return pathToFileURL(path).href;
}

// The page

const html = new HtmlValidate({ root: true, extends: ["html-validate:standard"], rules: HTML_RULES });

async function checkHtml(path, file) {
  const report = await html.validateFile(path);
  for (const message of report.results.flatMap((result) => result.messages)) {
    fault(file, `html ${message.ruleId}: ${message.message}`, `line ${message.line}, ${message.selector}`);
  }
}

/** With the page's own content security policy in force. */
async function checkQuiet(page, path, file) {
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) fault(file, "console", message.text());
  });
  page.on("pageerror", (error) => fault(file, "script error", error.message));
  await page.goto(address(path), { waitUntil: "networkidle" });
  for (const url of requests.slice(1)) fault(file, "network request", url);
}

async function checkAccessibility(page, path, file) {
  await page.goto(address(path));
  await page.evaluate(axeSource);
  for (const viewport of [WIDE, NARROW]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      for (const { id, where } of await violations(page)) {
        fault(file, `axe ${id} at ${viewport.width} px, ${colorScheme}`, where);
      }
    }
  }
}

/** What axe finds on the page: rule and element. */
async function violations(page) {
  const found = await page.evaluate(async (tags) => {
    const options = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] };
    return (await window.axe.run(document, options)).violations;
  }, AXE_TAGS);
  return found.flatMap((rule) =>
    rule.nodes.map((node) => ({ id: rule.id, where: `${node.target.join(" ")} (${oneLine(node.failureSummary)})` })),
  );
}

async function checkReflow(page, path, file) {
  await page.goto(address(path));
  const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
  if (width > NARROW.width) {
    const wide = await page.evaluate(tooWide);
    fault(file, `the page is ${width} px wide at ${NARROW.width} px`, wide.map(oneLine).join(", "));
  }
  for (const table of await page.evaluate(tablesThatStickOut)) {
    fault(file, `the table does not scroll in a region of its own at ${NARROW.width} px`, table);
  }
}

/** Runs in the page: the innermost elements that their content sticks out of, without what scrolls by itself. */
function tooWide() {
  const wide = [...document.querySelectorAll("main *, body > :not(main) *")].filter(
    (element) =>
      !element.closest("svg, [role=region]") && element.clientWidth > 0 && element.scrollWidth > element.clientWidth,
  );
  const innermost = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)));
  return innermost.map((element) => `<${element.localName}> "${element.textContent.slice(0, 60)}…"`);
}

/** Runs in the page: the ids of tables without a scrolling region that fits the page. */
function tablesThatStickOut() {
  const fits = (region) =>
    region !== null &&
    ["auto", "scroll"].includes(getComputedStyle(region).overflowX) &&
    region.getBoundingClientRect().right <= document.documentElement.clientWidth;
  const tables = [...document.querySelectorAll("table")];
  return tables.filter((table) => !fits(table.closest("[role=region]"))).map((table) => `#${table.id}`);
}

async function checkPage(browser, folder) {
  const path = join(folder, "report.html");
  const file = join(basename(folder), "report.html");
  await checkHtml(path, file);
  await withPage(browser, { viewport: WIDE }, (page) => checkQuiet(page, path, file));
  await withPage(browser, { bypassCSP: true }, (page) => checkAccessibility(page, path, file));
  await withPage(browser, { viewport: NARROW }, (page) => checkReflow(page, path, file));
  await withPage(browser, { viewport: WIDE }, (page) => checkFigures(page, path, file));
}

// The charts

function tellFaults(file, picture) {
  for (const [what, where] of faultsOf(picture)) fault(file, what, where);
}

async function checkChart(page, path, file) {
  await page.goto(address(path));
  tellFaults(file, await page.locator(":root").evaluate(readPicture));
}

/** A figure holds its chart in the shapes of wide and narrow pages, and shows one of them. */
async function checkFigures(page, path, file) {
  await page.goto(address(path));
  for (const { name, viewport, media } of VIEWS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ media });
    const figures = await page.locator("figure").filter({ visible: true }).all();
    for (const [index, figure] of figures.entries()) {
      const place = `${file} ${name}, figure ${index + 1}`;
      const pictures = await figure.locator("svg").filter({ visible: true }).all();
      if (pictures.length !== 1) fault(place, "charts shown", `${pictures.length}`);
      for (const picture of pictures) tellFaults(place, await picture.evaluate(readPicture));
    }
  }
}

/** Gives the number of charts. */
async function checkCharts(browser, folder) {
  const charts = join(folder, "charts");
  const names = readdirSync(charts).filter((name) => name.endsWith(".svg"));
  await withPage(browser, { viewport: WIDE }, async (page) => {
    for (const name of names) await checkChart(page, join(charts, name), join(basename(folder), "charts", name));
  });
  return names.length;
}

async function checkFolder(browser, folder) {
  await checkPage(browser, folder);
  return checkCharts(browser, folder);
}

const folders = readdirSync(work).filter((name) => name.startsWith("reports-"));
const browser = await launch(require);
let charts = 0;
try {
  for (const folder of folders) charts += await checkFolder(browser, join(work, folder));
} finally {
  await browser.close();
}
if (charts === 0) fault(basename(work), "no charts", "reports-*");
for (const line of faults) console.log(line);
console.log(`browser: ${folders.length} pages and ${charts} charts checked, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
