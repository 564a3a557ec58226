import { expect, test } from "@jest/globals";
import { countOf, type Visitor } from "./browser.js";
import { edit, nothingWaits, react } from "./messages.js";
import { meet, type Pair } from "./pair.js";

let pair: Pair;
let john: Visitor;
let jane: Visitor;

meet(
  (met) => {
    pair = met;
    ({ john, jane } = met);
  },
  { RATE_LIMIT_SENDS: "3/12s", RATE_LIMIT_WRITES: "1/8s", RATE_LIMIT_SEARCHES: "1/8s" },
);

/** How often a limit has said no so far. */
async function refusalsOf(limit: string): Promise<number> {
  const metrics = await (await fetch(`${pair.server.url}/metrics`)).text();
  return Number(new RegExp(`^parley_rate_limited_total\\{limit="${limit}"\\} (\\d+)$`, "m").exec(metrics)?.[1]);
}

/** What John does elsewhere meanwhile, which uses up what he may do just then. */
async function callAsJohn(method: string, path: string, body?: object): Promise<void> {
  const call = (token: string, verb: string, at: string, sent?: object) =>
    fetch(`${pair.server.url}${at}`, {
      method: verb,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
    });
  const { token } = (await (await call("", "POST", "/demo/login", { user_id: 1 })).json()) as { token: string };
  await call(token, method, path, body);
}

const texts = ["one", "two", "three", "four", "five", "six"].map((word) => `${word} at once`);

test("six messages that are sent faster than the server takes them arrive once and in order, and their author is told", async () => {
  const { page } = john;
  for (const text of texts) await john.send(text);
  await page.getByText(/^Sending too fast – waiting [1-5] s$/).waitFor();
  await page.getByText("Sending too fast. What waits is sent by itself.").waitFor({ state: "attached" });
  // What is written meanwhile is in its way of nothing.
  await page.getByRole("textbox", { name: "Message", exact: true }).fill("seven, not sent");
  await jane.sees("six at once");
  const seen = (await jane.messages()).filter((text) => texts.includes(text));
  expect([seen, countOf(await john.messages(), texts)]).toEqual([texts, texts.map(() => 1)]);
  await page
    .getByText(/^Sending too fast/)
    .first()
    .waitFor({ state: "detached" });
  await nothingWaits(john);
  expect(await page.getByRole("textbox", { name: "Message", exact: true }).inputValue()).toBe("seven, not sent");
  expect(await refusalsOf("sends")).toBeGreaterThan(0);
});

test("an edit, a reaction and a search that come too fast wait, and are carried out by themselves", async () => {
  const { page } = john;
  await callAsJohn("POST", "/api/chat/messages/1/remove_reaction/", { emoji: "🦖" });
  const before = await refusalsOf("writes");
  await edit(john, "one at once", "one, edited");
  await react(john, "two at once");
  await jane.sees("one, edited");
  expect(await refusalsOf("writes")).toBeGreaterThan(before);
  await page.getByRole("button", { name: "Search in this room" }).click();
  const panel = page.getByRole("region", { name: "Search" });
  await panel.getByRole("textbox").waitFor();
  await callAsJohn("GET", "/api/chat/messages/?search=once");
  await panel.getByRole("textbox").fill("three");
  await panel.getByText("three at once").waitFor();
  expect(await refusalsOf("searches")).toBeGreaterThan(0);
});

test("nothing went wrong in either browser", () => {
  expect([...john.faults, ...jane.faults]).toEqual([]);
});
