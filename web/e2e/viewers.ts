import type { Browser, Page } from "playwright-core";
import { openContext, visit } from "./browser.js";
import type { Viewer } from "./screens.js";

/** A page for each of those who look at the screens. */
export type Viewers = Readonly<Record<Viewer, Page>>;

/** Logs John and Dee in, and lets Dee leave her only room: what the screens ask for. */
export async function openViewers(browser: Browser, url: string): Promise<Viewers> {
  const nobody = await (await openContext(browser)).newPage();
  const john = await visit(browser, url, "John Doe");
  const dee = await visit(browser, url, "Dee Okafor");
  await dee.openRoom("Beta notes");
  await dee.page.getByRole("button", { name: /^Members/u }).click();
  await dee.page.getByRole("button", { name: "Leave room" }).click();
  await dee.page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await dee.page.getByRole("main", { name: "Welcome" }).waitFor();
  return { nobody, john: john.page, dee: dee.page };
}
