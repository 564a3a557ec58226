import type { Locator } from "playwright-core";
import type { Visitor } from "./browser.js";
import { composer } from "./giving-files.js";

// By keys: what is pointed at is another message as soon as somebody writes.

/** The stored message with this text. */
export const messageWith = ({ page }: Visitor, text: string): Locator =>
  page.locator("article[data-message-id]").filter({ hasText: text }).last();

/** Waits until nothing of this person's is on its way: until then what they sent is not a message, and rows still move. */
export const nothingWaits = ({ page }: Visitor): Promise<void> =>
  page.locator("article[data-state]").first().waitFor({ state: "detached" });

/** Begins to edit one's newest message by Up in the empty composer. */
export async function editNewest(person: Visitor): Promise<Locator> {
  await nothingWaits(person);
  await composer(person).press("ArrowUp");
  const editor = person.page.getByRole("textbox", { name: "Edit message" });
  await editor.waitFor();
  return editor;
}

/** Presses a key on a message. */
async function press({ page }: Visitor, message: Locator, key: string): Promise<void> {
  // A pointer under which a message moves away would take its toolbar along.
  await page.mouse.move(0, 0);
  await message.focus();
  await message.getByRole("toolbar").waitFor();
  await page.keyboard.press(key);
}

/** Edits one's own message, until it is changed. */
export async function edit(person: Visitor, text: string, to: string): Promise<void> {
  await press(person, messageWith(person, text), "e");
  const editor = person.page.getByRole("textbox", { name: "Edit message" });
  await editor.fill(to);
  await editor.press("Enter");
  await messageWith(person, to).getByText("(edited)").waitFor();
}

/** Deletes one's own message, until it is gone. */
export async function remove(person: Visitor, text: string): Promise<void> {
  await press(person, messageWith(person, text), "Delete");
  await person.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await messageWith(person, text).waitFor({ state: "detached" });
}

/** Adds a 👍, until it stands there as one's own. */
export async function react(person: Visitor, text: string): Promise<void> {
  const { page } = person;
  await press(person, messageWith(person, text), "+");
  const search = page.getByLabel("Search emoji");
  await search.pressSequentially("thumbs up");
  await page.locator(".emoji-foot", { hasText: /thumbs up/i }).waitFor();
  await search.press("Enter");
  await messageWith(person, text)
    .getByRole("button", { name: /^👍 \d+, You/ })
    .waitFor();
}
