// Looks at report folders in headless Chromium: node check.mjs FOLDER, which holds reports-* and node_modules.
//
// Pages: WCAG 2.2 A and AA and axe's best practice in every view, valid HTML, nothing that runs or fetches against
// the page's own policy (policy.mjs), the same said without script, tables that sort and filter (tables.mjs), links
// that lead somewhere (links.mjs), no sideways scrolling at 320 px; every figure shows one chart on a wide screen, a
// narrow one and paper. Charts: role, title and description, and no text on another or outside the picture, in
// files and on the page.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { launch, withPage } from "./chromium.mjs";
import { linkFaults, pagesOf, trailFaults } from "./links.mjs";
import { faultsOf, readPicture } from "./picture.mjs";
import { injectionFaults, listen } from "./policy.mjs";
import { tableFaults, tablesTried } from "./tables.mjs";

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
/** The rules of those that look at colours: what the others find is the same in all. */
const AXE_COLOUR_TAGS = ["cat.color"];
/** The colours that readers may have, and what is asked of the page in them. */
const COLOURS = {
  light: { media: { colorScheme: "light", forcedColors: "none" }, tags: AXE_TAGS },
  dark: { media: { colorScheme: "dark", forcedColors: "none" }, tags: AXE_COLOUR_TAGS },
  forced: { media: { colorScheme: "light", forcedColors: "active" }, tags: AXE_TAGS },
};
// The standard preset as it is; a rule that is set otherwise stands here with its reason.
const HTML_RULES = {};
/** Fewer reports, or fewer of a kind of page, would be no test of what a report may hold. */
const FEWEST = { "report.html": 20, "risks.html": 2, "units/": 10 };

const faults = [];

function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}

function tell(file, pairs) {
  for (const [what, where] of pairs) faults.push(`${file}: ${what}: ${oneLine(String(where))}`);
}

function address(path) {
  return pathToFileURL(path).href;
}

// Pages

const html = new HtmlValidate({ root: true, extends: ["html-validate:standard"], rules: HTML_RULES });

async function htmlFaults(path) {
  const report = await html.validateFile(path);
  const messages = report.results.flatMap((result) => result.messages);
  return messages.map((one) => [`html ${one.ruleId}: ${one.message}`, `line ${one.line}, ${one.selector}`]);
}

/** The page as readers get it: its own script, and its own policy in force. */
async function checkAsDelivered(page, path, file) {
  const heard = listen(page);
  await page.goto(address(path), { waitUntil: "load" });
  if (!isHostile(path)) await checkFigures(page, file);
  await page.evaluate(unfold);
  tell(file, await page.evaluate(trailFaults));
  tell(file, await tableFaults(page));
  tell(file, heard.faults());
  tell(file, await injectionFaults(page));
}

/** Every table and every word is there for those whose browser runs no script. */
async function checkWithoutScript(page, path, file) {
  const heard = listen(page);
  await page.goto(address(path), { waitUntil: "load" });
  await page.evaluate(unfold);
  for (const what of await page.evaluate(unseen)) tell(file, [["not seen without script", what]]);
  tell(file, heard.faults());
}

/** Runs in the page: opens what is folded away, as readers can without script. */
function unfold() {
  for (const details of document.querySelectorAll("details")) details.open = true;
}

/** Runs in the page: elements with text that nobody sees, and what only a script could have made. */
function unseen() {
  const elements = [...document.querySelectorAll("main *, header *, nav *, footer *")];
  const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "";
  const ownText = (element) => [...element.childNodes].some(isText);
  // Each chart is there twice, and which of the two is seen goes by the width of the page.
  const hidden = elements.filter(
    (element) => !element.closest("svg") && ownText(element) && !element.checkVisibility({ visibilityProperty: true }),
  );
  const made = [...document.querySelectorAll("th button, .filter")];
  return [...hidden, ...made].map((element) => `<${element.localName}> "${element.textContent.slice(0, 60)}"`);
}

async function checkAccessibility(page, path, file) {
  await page.goto(address(path));
  await page.evaluate(unfold);
  await page.evaluate(emptyCharts);
  await page.evaluate(axeSource);
  /** Views by violation: most are the same in every view. */
  const seenIn = new Map();
  for (const viewport of [WIDE, NARROW]) {
    await page.setViewportSize(viewport);
    for (const [name, { media, tags }] of Object.entries(COLOURS)) {
      await page.emulateMedia(media);
      for (const violation of await violations(page, tags)) {
        seenIn.set(violation, [...(seenIn.get(violation) ?? []), `${viewport.width} px ${name}`]);
      }
    }
  }
  tell(file, [...seenIn].map(([violation, views]) => [`axe at ${views.join(", ")}`, violation]));
  tell(file, await reflowFaults(page));
}

/**
 * Runs in the page: leaves of each chart what is told of it, which is all that there is to a picture. Its shapes are
 * most of the page, and picture.mjs looks at them.
 */
function emptyCharts() {
  for (const shape of document.querySelectorAll("svg > :not(title, desc)")) shape.remove();
}

/** What axe finds on the page: rule and element. */
async function violations(page, wanted) {
  const found = await page.evaluate(async (tags) => {
    // There are no frames to look into and no style sheets to fetch, and elements themselves are not handed over.
    const quick = { iframes: false, preload: false, elementRef: false };
    const options = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], ...quick };
    return (await window.axe.run(document, options)).violations;
  }, wanted);
  return found.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} (${node.failureSummary})`),
  );
}

/** What sticks out of a narrow page. */
async function reflowFaults(page) {
  const found = [];
  const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
  if (width > NARROW.width) {
    const wide = await page.evaluate(tooWide);
    found.push([`the page is ${width} px wide at ${NARROW.width} px`, wide.map(oneLine).join(", ")]);
  }
  const tables = await page.evaluate(tablesThatStickOut);
  found.push(...tables.map((id) => [`the table does not scroll in a region of its own at ${NARROW.width} px`, id]));
  return found;
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

async function checkPage(browser, folder, name) {
  const path = join(folder, name);
  const file = join(basename(folder), name);
  tell(file, await htmlFaults(path));
  await withPage(browser, { viewport: WIDE }, (page) => checkAsDelivered(page, path, file));
  const noScript = { viewport: WIDE, javaScriptEnabled: false };
  await withPage(browser, noScript, (page) => checkWithoutScript(page, path, file));
  await withPage(browser, { bypassCSP: true }, (page) => checkAccessibility(page, path, file));
}

// Charts

async function checkChart(page, path, file) {
  await page.goto(address(path));
  tell(file, faultsOf(await page.locator(":root").evaluate(readPicture)));
}

/** A figure holds its chart in the shapes of wide and narrow pages, and shows one of them. */
async function checkFigures(page, file) {
  await page.evaluate(`window.readPicture = ${readPicture}`);
  for (const { name, viewport, media } of VIEWS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ media });
    for (const [index, pictures] of (await page.evaluate(readFigures)).entries()) {
      const place = `${file} ${name}, figure ${index + 1}`;
      if (pictures.length !== 1) tell(place, [["charts shown", pictures.length]]);
      for (const picture of pictures) tell(place, faultsOf(picture));
    }
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ media: "screen" });
}

/** Runs in the page: what is to be read of the charts that each figure shows. */
function readFigures() {
  const figures = [...document.querySelectorAll("figure")].filter((figure) => figure.checkVisibility());
  const shown = (figure) => [...figure.querySelectorAll("svg")].filter((picture) => picture.checkVisibility());
  return figures.map((figure) => shown(figure).map(window.readPicture));
}

/** Nobody calls a unit what is in the hostile texts: on a chart they must do no harm, but need not fit. */
function isHostile(path) {
  return path.includes("reports-hostile");
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

// Folders

/** The pages of a folder that are looked at in the browser: those of units are alike, and one stands for all. */
function chosen(pages) {
  const units = pages.filter((name) => name.startsWith("units/"));
  return [...pages.filter((name) => !units.includes(name)), ...units.slice(0, 1)];
}

const checked = { pages: [], charts: 0 };

async function checkFolder(browser, folder) {
  const pages = pagesOf(folder);
  tell(basename(folder), linkFaults(folder, pages));
  for (const name of chosen(pages)) {
    await checkPage(browser, folder, name);
    checked.pages.push(name);
  }
  if (!isHostile(folder)) checked.charts += await checkCharts(browser, folder);
}

/** Works on all items, as many at a time as the machine has processors; each page has a context of its own. */
async function sideBySide(items, work) {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

const folders = readdirSync(work).filter((name) => name.startsWith("reports-"));
const browser = await launch(require);
try {
  await sideBySide(folders, (folder) => checkFolder(browser, join(work, folder)));
} finally {
  await browser.close();
}
const wanting = Object.entries(FEWEST).filter(
  ([name, fewest]) => checked.pages.filter((page) => page.startsWith(name)).length < fewest,
);
tell(basename(work), wanting.map(([name, fewest]) => [`fewer than ${fewest} pages`, name]));
tell(basename(work), tablesTried.missing().map((what) => ["no table was tried", what]));
if (checked.charts === 0) tell(basename(work), [["no charts", "reports-*"]]);
faults.sort();
for (const line of faults) console.log(line);
console.log(
  `browser: ${checked.pages.length} pages of ${folders.length} reports and ${checked.charts} charts checked, ` +
    `${tablesTried.columns} columns sorted, ${faults.length} faults`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
