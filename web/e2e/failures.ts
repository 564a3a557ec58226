import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";

declare global {
  /** Called by `scripts/jest-environment.mjs` when a test or a hook fails; undefined where no browser was launched. */
  var reportFailure: ((title: string) => Promise<void>) | undefined;
}

/** A page that says nothing is passed over: the report must not hold up the tests that follow. */
const ANSWER_WITHIN_MS = 5_000;
const CONSOLE_LINES = 40;

const browsers = new Set<Browser>();
/** What each page has said on its console, and what went wrong in it. */
const said = new Map<Page, string[]>();

function note(page: Page | null, line: string): void {
  if (page) said.set(page, [...(said.get(page) ?? []), line].slice(-CONSOLE_LINES));
}

function watchContext(context: BrowserContext): void {
  context.on("console", (message) => note(message.page(), `${message.type()}: ${message.text()}`));
  context.on("weberror", (webError) => note(webError.page(), `uncaught: ${webError.error().message}`));
}

/** A page as who looks at it or hears it has it, its console, and where a picture of it is. */
async function describePage(page: Page, picture: string): Promise<string> {
  const shown = await page.ariaSnapshot({ timeout: ANSWER_WITHIN_MS }).catch((error: unknown) => String(error));
  const image = await page.screenshot({ timeout: ANSWER_WITHIN_MS }).catch(() => null);
  if (image) await writeFile(picture, image);
  return [page.url(), image ? picture : "no picture", shown, "On its console:", ...(said.get(page) ?? [])].join("\n");
}

async function report(title: string): Promise<void> {
  const pages = [...browsers].flatMap((browser) => browser.contexts()).flatMap((context) => context.pages());
  if (pages.length === 0) return;
  const folder = await mkdtemp(join(tmpdir(), "parley-failed-"));
  const described = await Promise.all(pages.map((page, index) => describePage(page, join(folder, `${index + 1}.png`))));
  process.stderr.write(`\n${[`The pages when this failed: ${title}`, ...described].join("\n\n")}\n\n`);
}

/** Lets whatever pages a browser has be written down when a test fails: into the log, their pictures into a folder named there. */
export function watchForFailures(browser: Browser): Browser {
  browsers.add(browser);
  browser.on("context", watchContext);
  globalThis.reportFailure = report;
  return browser;
}
