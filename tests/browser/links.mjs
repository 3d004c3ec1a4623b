// Links of a report folder: every one leads to an element of a page or to a file of the folder, and from the figures
// of a control it is one step to definition, law, ledger and chart.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** The pages of a report folder, those of units last. */
export function pagesOf(folder) {
  const inside = (path) =>
    existsSync(join(folder, path)) ? readdirSync(join(folder, path)).map((name) => posix.join(path, name)) : [];
  return [...inside("."), ...inside("units")].filter((name) => name.endsWith(".html"));
}

/** Values of an attribute in the tags of a page; in text no tag begins, since its `<` are written as entities. */
function values(markup, attribute) {
  const tags = markup.matchAll(/<[a-z][^\s>/]*(?:\s+[\w:-]+(?:="[^"]*")?)+/gi);
  const found = [...tags].flatMap(([tag]) => [...tag.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, "g"))]);
  return found.map(([, value]) => value.replaceAll("&#x2f;", "/").replaceAll("&amp;", "&"));
}

/** Links that lead nowhere or out of the folder, and ids that stand twice. */
export function linkFaults(folder, pages) {
  const markups = new Map(pages.map((page) => [page, readFileSync(join(folder, page), "utf8")]));
  const ids = new Map([...markups].map(([page, markup]) => [page, values(markup, "id")]));
  const found = [];
  for (const [page, markup] of markups) {
    const own = ids.get(page);
    found.push(...own.filter((id, index) => own.indexOf(id) !== index).map((id) => [`${page}: id twice`, id]));
    const links = [...values(markup, "href"), ...values(markup, "src"), ...values(markup, "xlink:href")];
    for (const link of new Set(links)) {
      const why = wrong(link, page, folder, ids);
      if (why) found.push([`${page}: ${why}`, link]);
    }
  }
  return found;
}

/** What is wrong with a link of a page, if anything. */
function wrong(link, page, folder, ids) {
  if (link.startsWith("data:image/")) return null;
  if (/^[a-z][a-z0-9+.-]*:|^\/|\\/i.test(link)) return "link out of the folder";
  const [path, fragment] = link.split("#");
  const to = path === "" ? page : posix.join(posix.dirname(page), decodeURIComponent(path));
  if (to.startsWith("..")) return "link out of the folder";
  if (!existsSync(join(folder, to))) return "link to no file";
  if (fragment !== undefined && !ids.get(to)?.includes(decodeURIComponent(fragment))) return "link to no element";
  return null;
}

/** Runs in the page: tables and charts of controls without a step to what stands behind their figures. */
export function trailFaults() {
  const kinds = {
    definition: { link: "[href$=_definition]", to: "h3, h4" },
    law: { link: "[href$=_law]", to: "dt" },
    ledger: { link: "[href$=_ledger]", to: "tr" },
    chart: { link: "[href^='#figure_']", to: "figure" },
  };
  const target = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));
  const found = [];
  const tables = [...document.querySelectorAll("section:has(> #controls-more) .scroll")];
  for (const region of tables) {
    const trail = region.nextElementSibling;
    for (const [kind, { link, to }] of Object.entries(kinds)) {
      const links = trail?.matches(".trail") ? [...trail.querySelectorAll(link)] : [];
      if (!links.some((one) => target(one)?.matches(to))) {
        found.push([`no way to the ${kind} from the table`, `#${region.querySelector("table").id}`]);
      }
    }
  }
  for (const link of document.querySelectorAll("figcaption a")) {
    if (!target(link)?.matches("table")) found.push(["no way to the figures from the chart", link.hash]);
  }
  // The summary leads to each control, where the first paragraph leads on.
  for (const link of document.querySelectorAll("#summary-table a")) {
    const next = target(link)?.nextElementSibling;
    if (!next?.matches(".trail")) found.push(["no way on from the summary", link.hash]);
  }
  return found;
}
