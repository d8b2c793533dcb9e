// Opens pages in a browser that reaches nothing, and prints what happened as JSON.
//   node look.js CHROMIUM OUT PAGE...
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const LOOKS = [390, 1440].flatMap((width) => ["light", "dark"].map((colorScheme) => ({ width, colorScheme })));

async function look(browser, out, file, { width, colorScheme }) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  const found = { page: path.basename(file), width, colorScheme, requests: [], console: [], dialogs: 0 };
  page.on("request", (request) => found.requests.push(request.url()));
  page.on("console", (message) => found.console.push(message.text()));
  page.on("pageerror", (error) => found.console.push(String(error)));
  page.on("dialog", (dialog) => { found.dialogs += 1; dialog.dismiss(); });
  await page.goto(pathToFileURL(file).href);
  found.ran = await page.evaluate(() => window.ran === undefined ? null : String(window.ran));
  found.wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const name = path.join(out, `${path.basename(file, ".html")}-${width}-${colorScheme}`);
  await page.screenshot({ path: `${name}.png`, fullPage: true });
  if (width === 1440 && colorScheme === "light") await page.pdf({ path: `${name}.pdf`, format: "A4", preferCSSPageSize: true });
  const words = page.locator("#words");
  if (await words.count()) {
    await words.fill("zzz-nobody-wrote-that");
    found.none = await page.locator(".chat:visible").count();
    await words.fill("");
    found.all = await page.locator(".chat:visible").count();
  }
  await page.evaluate(() => document.querySelectorAll("details").forEach((node) => { node.open = true; }));
  found.open = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => window.axe.run());
  found.passes = passes.length;
  found.violations = violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.slice(0, 3).map((node) => node.html.slice(0, 200)) }));
  await context.close();
  return found;
}

(async () => {
  const [executablePath, out, ...files] = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath, args: QUIET, chromiumSandbox: false });
  try {
    const found = [];
    for (const file of files) for (const one of LOOKS) found.push(await look(browser, out, file, one));
    console.log(JSON.stringify(found));
  } finally {
    await browser.close();
  }
})();
