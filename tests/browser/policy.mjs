// Pages run and fetch nothing but their own: what a browser is asked for, and what an intruder would be allowed.

/** The name that payloads in hostile texts set when they run. */
const MARK = "__pwned";

/** Listens to a page from before it is opened: what it asks for, complains of and runs. */
export function listen(page) {
  const found = [];
  let requests = 0;
  page.on("request", (request) => {
    requests += 1;
    // The first is the page itself; a logo is part of it.
    if (requests > 1 && !request.url().startsWith("data:")) found.push(["network request", request.url()]);
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) found.push(["console", message.text()]);
  });
  page.on("pageerror", (error) => found.push(["script error", error.message]));
  page.on("dialog", (dialog) => {
    found.push(["dialog", dialog.message()]);
    dialog.dismiss();
  });
  page.on("popup", (popup) => found.push(["window opened", popup.url()]));
  return { faults: () => [...found] };
}

/** The directives that refuse something. */
const REFUSED = ["script-src-elem", "script-src-attr", "style-src-elem", "connect-src", "img-src", "frame-src"];

/** What gets past the page's own policy when somebody has written into the page. */
export async function injectionFaults(page) {
  const got = [];
  const note = (response) => got.push(["an injected request was answered", response.url()]);
  const isBlocked = (request) => request.failure()?.errorText.includes("csp") ?? false;
  const sent = (request) => {
    if (!isBlocked(request)) got.push(["an injected request was sent", request.url()]);
  };
  const before = await page.evaluate((mark) => window[mark], MARK);
  if (before !== undefined) got.push(["a text of the report ran", before]);
  page.on("response", note);
  page.on("requestfailed", sent);
  const { ran, refused } = await page.evaluate(inject, [MARK, REFUSED]);
  page.off("response", note);
  page.off("requestfailed", sent);
  if (ran !== null) got.push(["injected and run", ran]);
  // Each kind is refused by name: else the attempt itself may have failed, and nothing was shown.
  got.push(...REFUSED.filter((kind) => !refused.includes(kind)).map((kind) => ["the policy did not refuse", kind]));
  return got;
}

/** Runs in the page: what somebody would try; tells what ran, and which directives refused something. */
async function inject([mark, wanted]) {
  const refused = [];
  document.addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
  const add = (name, properties) => document.body.append(Object.assign(document.createElement(name), properties));
  add("script", { textContent: `window.${mark} = "script"` });
  add("script", { src: "https://frist.invalid/script.js" });
  add("style", { textContent: "body { display: none; }" });
  add("img", { src: "https://frist.invalid/picture.png", alt: "" });
  add("iframe", { src: "https://frist.invalid/" });
  add("div", { innerHTML: `<img src="data:," alt="" onerror="window.${mark} = 'handler'">` });
  await fetch("https://frist.invalid/data").catch(() => {});
  // Some directives tell late on a busy machine; and what is run must have had its time.
  const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
  await pause();
  for (let turn = 0; turn < 50 && !wanted.every((directive) => refused.includes(directive)); turn += 1) await pause();
  return { ran: window[mark] ?? null, refused };
}
