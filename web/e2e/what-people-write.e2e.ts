import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { until } from "../../server/test/until.js";
import { NAUGHTY_STRINGS } from "../src/test/naughty-strings.js";
import { launchBrowser, PHONE, ROOM, roomInList, visit, type Visitor } from "./browser.js";
import { startServer, type ServerProcess } from "./server.js";

jest.setTimeout(120_000);

/** What no message may ever become, in the feed and in the list of rooms. */
const FORBIDDEN = "script, iframe, object, embed, form, input, style, link, meta, base, img, video, audio, math, h2";
let server: ServerProcess;
let browser: Browser;
let john: Visitor;
let jane: Visitor;
const dialogs: string[] = [];

beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  john = await visit(browser, server.url, "John Doe");
  jane = await visit(browser, server.url, "Jane Smith", PHONE);
  for (const { page } of [john, jane]) {
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
  }
  await john.openRoom(ROOM);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** Sends as Jane, from outside of any browser. */
async function connectAsJane(roomId: string): Promise<(content: string) => Promise<void>> {
  const post = async (path: string, body: object, headers: object = {}): Promise<unknown> => {
    const response = await fetch(server.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    return response.json();
  };
  const users = (await (await fetch(`${server.url}/demo/users`)).json()) as readonly { id: number; username: string }[];
  const { token } = (await post("/demo/login", {
    user_id: users.find(({ username }) => username === "jane")?.id,
  })) as { readonly token: string };
  const query = "mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { id } } }";
  return async (content) => {
    const variables = { input: { roomId, content } };
    const answer = await post("/graphql", { query, variables }, { authorization: `Bearer ${token}` });
    expect(answer).toMatchObject({ data: { sendChatMessage: { message: {} } } });
  };
}

test("a mention is completed while one types, counts for who is meant, and stands out", async () => {
  const composer = john.page.getByRole("textbox", { name: "Message", exact: true });
  await composer.pressSequentially("**Look**, @ja");
  await john.page.getByRole("option", { name: /Jane Smith/ }).waitFor();
  await composer.press("Enter");
  await until(
    async () => (await composer.inputValue()) === "**Look**, @jane ",
    "the name in the place of what was typed",
  );
  await composer.pressSequentially(":tada:");
  await until(async () => (await composer.inputValue()) === "**Look**, @jane 🎉", "the emoji in the place of its name");
  await composer.press("Enter");
  await john.sees("Look, @Jane Smith 🎉");
  const room = roomInList(jane.page, ROOM);
  await room.getByText(/^\d+ mentions?$/).waitFor({ state: "attached" });
  await room.getByText("John Doe: Look, @Jane Smith 🎉").waitFor();
  await jane.page.waitForFunction(() => /^\(\d+\) /.test(document.title));
  await jane.openRoom(ROOM);
  const row = jane.page.locator("article[data-mention]", { hasText: "Look, @Jane Smith 🎉" });
  await row.locator("strong", { hasText: "Look" }).waitFor();
  await row.locator(".mention[data-own]").waitFor();
  await room.locator(".badge").first().waitFor({ state: "detached" });
});

test("code is coloured and can be reached and copied", async () => {
  const line = `const answer: number = 42; // ${"a long comment ".repeat(20)}`;
  await john.send(`\`\`\`ts\n${line}\n\`\`\``);
  for (const { page } of [john, jane]) {
    const block = page.locator(".code-block", { hasText: "const answer" });
    await block.locator(".hljs-keyword", { hasText: "const" }).waitFor();
    await block.locator("pre[tabindex='0']").waitFor();
    expect((await block.locator("pre").innerText()).trim()).toBe(line.trim());
    expect(await block.getByRole("button", { name: "Copy code" }).isVisible()).toBe(true);
  }
});

test("any emoji is found and reacted with, by keys alone", async () => {
  await john.send("Shall we launch?");
  const row = john.page.locator("article", { hasText: "Shall we launch?" }).last();
  await row.locator(".pending-mark").waitFor({ state: "detached" });
  await row.hover();
  await row.getByRole("button", { name: "Add reaction" }).click();
  const search = john.page.getByLabel("Search emoji");
  await search.pressSequentially("fire engine");
  await john.page.locator(".emoji-foot", { hasText: /fire engine/i }).waitFor();
  await search.press("Enter");
  const onJanes = jane.page.locator("article", { hasText: "Shall we launch?" }).last();
  for (const each of [row, onJanes]) await each.locator(".chip", { hasText: "🚒" }).waitFor();
});

test("who asked for it is told on the desktop of a mention while looking elsewhere, and led to it by a click", async () => {
  const { page } = john;
  // A headless browser has no desktop: this stands for it.
  await page.evaluate(() => {
    const shown: { title: string; onclick: (() => void) | null }[] = [];
    class Desktop {
      static permission = "default";
      static requestPermission = async (): Promise<string> => (Desktop.permission = "granted");
      onclick: (() => void) | null = null;
      constructor(readonly title: string) {
        shown.push(this);
      }
      close(): void {}
    }
    document.hasFocus = () => false;
    Object.assign(window, { Notification: Desktop, shown });
    window.dispatchEvent(new Event("blur"));
  });
  await page.getByRole("button", { name: "Settings and log out" }).click();
  await page.getByRole("button", { name: "Notify me of mentions and direct messages" }).click();
  await jane.send("@john are you there?");
  await page.waitForFunction(() => Reflect.get(window, "shown").length === 1);
  expect(await page.evaluate(() => Reflect.get(window, "shown")[0].title)).toBe(`Jane Smith in ${ROOM}`);
  await page.evaluate(() => Reflect.get(window, "shown")[0].onclick());
  await page.waitForURL(/\/rooms\/\d+\/messages\/\d+$/);
});

test("nothing that anybody writes is run, loaded or taken for a part of the page", async () => {
  const send = await connectAsJane(/rooms\/(\d+)/.exec(john.page.url())?.[1] ?? "");
  const texts = NAUGHTY_STRINGS.filter((text) => text.trim() !== "");
  for (const [index, text] of texts.entries()) {
    await send(text);
    // Few enough that all of them are on the screen when they are looked at.
    if (index % 8 < 7 && index < texts.length - 1) continue;
    await send(`and that was number ${index}`);
    for (const person of [john, jane]) {
      await person.sees(`and that was number ${index}`);
      expect(await person.page.locator("article .text").locator(FORBIDDEN).count()).toBe(0);
      expect(await person.page.getByRole("navigation", { name: "Rooms" }).locator(FORBIDDEN).count()).toBe(0);
    }
  }
  expect(dialogs).toEqual([]);
});

test("nothing went wrong in either browser, and no other host was asked for anything", () => {
  expect([...john.faults, ...jane.faults]).toEqual([]);
});
