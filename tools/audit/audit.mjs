// Measures the built site: Lighthouse on chapter pages, axe on every page in both palettes.
// Usage: node audit.mjs SITE [--json FILE] [--runs N] [--pages NAME,NAME] [--forms mobile] [--axe NAME,NAME|none]
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import zlib from "node:zlib";
import { createRequire } from "node:module";
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : fallback;
};
const site = path.resolve(process.argv[2]);
const runs = Number(option("runs", "3"));
// One page of each kind: home, chapters with figures, code and formulas, ledger, API, timings, glossary,
// lab, map, a part's overview.
const KINDS = [
  "zh/", "zh/tensors/operations/", "en/autodiff/gradient-tape/", "zh/keras/fit/", "zh/migrate/ledger/",
  "zh/reference/api/", "en/reference/timings/", "zh/reference/glossary/", "zh/labs/week2-pipelines/",
  "en/start/workflow/", "zh/keras/",
];
const chapters = option("pages", KINDS.join(",")).split(",");
const forms = option("forms", "desktop,mobile").split(",");
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript",
  ".json": "application/json", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".xml": "text/xml",
};
const WANTED = {
  desktop: { performance: 100, accessibility: 100, "best-practices": 100, seo: 100 },
  mobile: { performance: 90, accessibility: 100, "best-practices": 100, seo: 100 },
};

// A static host as they are: compressed text, cached files, 404.html for what is not there.
function serve() {
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent(request.url.split("?")[0]);
    let file = path.join(site, name.endsWith("/") ? `${name}index.html` : name);
    const found = file.startsWith(site) && fs.existsSync(file) && fs.statSync(file).isFile();
    if (!found) file = path.join(site, "404.html");
    const kind = TYPES[path.extname(file)] ?? "application/octet-stream";
    const headers = { "Content-Type": kind, "Cache-Control": "max-age=86400" };
    let content = fs.readFileSync(file);
    if (/^(text|application\/json|image\/svg)/.test(kind)) {
      headers["Content-Encoding"] = "gzip";
      content = zlib.gzipSync(content);
    }
    response.writeHead(found ? 200 : 404, headers).end(content);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function measure(browser, url, form) {
  const port = Number(new URL(browser.wsEndpoint()).port);
  const reports = [];
  for (let run = 0; run < runs; run++) {
    const flags = { port, output: "json", logLevel: "error" };
    const result = await lighthouse(url, flags, form === "desktop" ? desktopConfig : undefined);
    reports.push(result.lhr);
  }
  const scores = {};
  for (const category of Object.keys(WANTED[form])) {
    scores[category] = median(reports.map((lhr) => Math.round(lhr.categories[category].score * 100)));
  }
  // What kept a category from 100, from the last run.
  const last = reports.at(-1);
  const causes = [];
  for (const category of Object.keys(scores)) {
    if (scores[category] === 100) continue;
    for (const { id, weight } of last.categories[category].auditRefs) {
      const audit = last.audits[id];
      if (weight && audit.score !== null && audit.score < 1) {
        causes.push(`${id}${audit.displayValue ? ` (${audit.displayValue})` : ""}`);
      }
    }
  }
  // How fast this machine was meanwhile; below 1000 or so, other work shares it and scores sink.
  const speed = Math.round(median(reports.map((lhr) => lhr.environment.benchmarkIndex)));
  return { scores, causes, speed };
}

async function inspect(browser, url, scheme, width) {
  const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const page = await browser.newPage();
  await page.setBypassCSP(true);
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(url, { waitUntil: "load" });
  await new Promise((resolve) => setTimeout(resolve, 300)); // for what the scripts add
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    document.querySelectorAll("details").forEach((details) => (details.open = true));
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const result = await window.axe.run({ runOnly: tags });
    return result.violations.map((violation) => ({
      id: violation.id,
      nodes: violation.nodes.map((node) => ({ html: node.html.slice(0, 160), why: node.failureSummary })),
    }));
  });
  await page.close();
  return violations;
}

function pages() {
  const found = [];
  const walk = (folder) => {
    for (const entry of fs.readdirSync(path.join(site, folder), { withFileTypes: true })) {
      const name = `${folder}${entry.name}`;
      if (entry.isDirectory()) walk(`${name}/`);
      else if (entry.name === "index.html" && folder) found.push(folder);
    }
  };
  walk("");
  return found.sort();
}

const server = await serve();
const home = `http://127.0.0.1:${server.address().port}/`;
const executablePath = process.env.CHROME ?? BROWSERS.find((file) => fs.existsSync(file));
const browser = await puppeteer.launch({ executablePath, args: FLAGS });
const results = { lighthouse: [], axe: [] };
let failed = false;
try {
  for (const name of chapters) {
    for (const form of forms) {
      const { scores, causes, speed } = await measure(browser, home + name, form);
      const low = Object.keys(scores).some((category) => scores[category] < WANTED[form][category]);
      failed ||= low;
      results.lighthouse.push({ page: name, form, scores, causes, speed });
      console.log(`${low ? "LOW " : "ok  "} ${form.padEnd(8)}${Object.values(scores).join("/")}  ${name}  (speed ${speed})`);
      for (const cause of causes) console.log(`       ${cause}`);
    }
  }
  let inspected = 0;
  const inspectable = option("axe", "");
  for (const name of inspectable ? inspectable.split(",").filter((one) => one !== "none") : pages()) {
    for (const [scheme, width] of [["light", 1280], ["dark", 1280], ["light", 390]]) {
      const violations = await inspect(browser, home + name, scheme, width);
      inspected += 1;
      for (const { id, nodes } of violations) {
        failed = true;
        results.axe.push({ page: name, scheme, width, id, nodes });
        console.log(`AXE  ${name} ${scheme} ${width}: ${id} (${nodes.length})`);
        for (const node of nodes.slice(0, 3)) console.log(`       ${node.html}\n       ${node.why.replaceAll("\n", " ")}`);
      }
    }
  }
  console.log(`axe: ${results.axe.length} findings on ${inspected} views`);
} finally {
  await browser.close();
  server.close();
}
const file = option("json", "");
if (file) fs.writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
process.exit(failed ? 1 : 0);
