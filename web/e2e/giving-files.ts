import type { Locator } from "playwright-core";
import type { Visitor } from "./browser.js";

/** A file that somebody hands over. */
export interface GivenFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** Lets files come over an element as the browser does it: by the clipboard, or by dragging them over it. */
export async function give(target: Locator, how: "paste" | "drop", files: readonly GivenFile[]): Promise<void> {
  const plain = files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString("base64") }));
  await target.evaluate(
    (element, { given, kind }) => {
      const data = new DataTransfer();
      for (const { name, type, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        data.items.add(new File([bytes], name, { type }));
      }
      const shared = { bubbles: true, cancelable: true };
      if (kind === "paste") element.dispatchEvent(new ClipboardEvent("paste", { ...shared, clipboardData: data }));
      for (const type of kind === "drop" ? ["dragenter", "dragover", "drop"] : [])
        element.dispatchEvent(new DragEvent(type, { ...shared, dataTransfer: data }));
    },
    { given: plain, kind: how },
  );
}

/** Where one writes. */
export const composer = (visitor: Visitor): Locator =>
  visitor.page.getByRole("textbox", { name: "Message", exact: true });
/** What waits beside the words to be sent. */
export const tray = (visitor: Visitor): Locator => visitor.page.getByRole("list", { name: "Files to send" });
/** The stored row of a message with a file of this name. */
export const stored = (visitor: Visitor, name: string): Locator =>
  visitor.page
    .locator("article[data-message-id]")
    .filter({ has: visitor.page.locator(`[alt="${name}"], [title="${name}"]`) });

/** Waits until a file lies beside the words and outlives the page. */
export const laid = (visitor: Visitor, name: string): Promise<void> =>
  tray(visitor).locator("[aria-busy=false]").filter({ hasText: name }).waitFor();

/** Takes files by the button. */
export async function choose(visitor: Visitor, files: readonly GivenFile[]): Promise<void> {
  const given = files.map(({ name, type, bytes }) => ({ name, mimeType: type, buffer: bytes }));
  await visitor.page.getByLabel("Files to attach").setInputFiles(given);
}
