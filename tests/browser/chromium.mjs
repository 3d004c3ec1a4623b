// Headless Chromium as both checks use it.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Chromium's path, or the usual one when it is not on the PATH. */
function chromiumPath() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, "chromium")).find(isExecutable) ?? "/usr/bin/chromium";
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts it; `require` finds playwright-core. */
export function launch(require) {
  return require("playwright-core").chromium.launch({
    executablePath: chromiumPath(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Opens a page of its own with these settings, lets `look` see it, and closes it. */
export async function withPage(browser, settings, look) {
  const page = await browser.newPage(settings);
  try {
    return await look(page);
  } finally {
    await page.close();
  }
}
