import type { Page } from "playwright-core";

/** Notices, what is said in the place of something that could not be loaded or saved, and the word about the connection. */
const SAID = '.ant-message-notice, [role="alert"], .connection-banner';

declare global {
  interface Window {
    /** The texts that a test has noted. */
    noted?: string[];
  }
}

/** Notes from now on what the page tells its reader of troubles, also what is gone again at once. */
export async function noteWhatIsSaid(page: Page): Promise<void> {
  await page.evaluate((selector) => {
    const noted: string[] = (window.noted = []);
    const note = (node: Node): void => {
      if (!(node instanceof Element)) return;
      const said = node.closest(selector) ?? node.querySelector(selector);
      if (said?.textContent) noted.push(said.textContent);
    };
    const observer = new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(note)));
    observer.observe(document, { childList: true, subtree: true });
  }, SAID);
}

/** What has been said since it is noted. */
export const whatWasSaid = (page: Page): Promise<readonly string[]> => page.evaluate(() => window.noted ?? []);
