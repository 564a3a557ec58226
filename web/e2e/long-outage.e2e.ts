import { expect, test } from "@jest/globals";
import { roomInList, type Visitor } from "./browser.js";
import type { TcpProxy } from "../../server/test/tcp-proxy.js";
import { meet } from "./pair.js";

const OUTAGE_MS = 60_000;

let cable: TcpProxy;
let john: Visitor;
let jane: Visitor;

meet((pair) => {
  ({ cable, john, jane } = pair);
});

const rowOf = ({ page }: Visitor, text: string) => page.locator("article[data-message-id]", { hasText: text });

/** Does something to a message as this person, beside their page. */
async function change(person: Visitor, text: string, query: string, more: Readonly<Record<string, string>> = {}) {
  const messageId = await rowOf(person, text).getAttribute("data-message-id");
  const answer = await person.page.evaluate(
    async (body) => {
      const headers = {
        authorization: `Bearer ${window.sessionStorage.getItem("parley.token")}`,
        "content-type": "application/json",
      };
      const response = await fetch("/graphql", { method: "POST", headers, body });
      return response.text();
    },
    JSON.stringify({ query, variables: { input: { messageId, ...more } } }),
  );
  expect(answer).not.toContain("errors");
}

const EDIT = `mutation($input: EditChatMessageInput!) { editChatMessage(input: $input) { message { id } } }`;
const DELETE = `mutation($input: DeleteChatMessageInput!) { deleteChatMessage(input: $input) { messageId } }`;
const REACT = `mutation($input: AddMessageReactionInput!) { addMessageReaction(input: $input) { reaction { id } } }`;

test("a minute without a network: sends, an edit, a deletion, a reaction and a new room are there afterwards, once", async () => {
  await john.mark();
  for (const text of ["to be edited", "to be deleted", "to be liked"]) {
    await jane.send(text);
    await john.sees(text);
  }
  await john.page.clock.install();
  cable.cut();
  await john.page.clock.fastForward(OUTAGE_MS / 2);
  await john.page.getByText(/Reconnecting/).waitFor();
  await jane.send("missed one");
  await change(jane, "to be edited", EDIT, { content: "edited meanwhile" });
  await jane.send("missed two");
  await change(jane, "to be deleted", DELETE);
  await change(jane, "to be liked", REACT, { emoji: "👍" });
  await jane.send("missed three");
  await jane.page.getByRole("button", { name: "New direct message" }).first().click();
  await jane.page.getByRole("dialog").getByText("John Doe").click();
  await jane.inRoom("John Doe");
  await jane.send("A room of our own");
  await jane.sees("A room of our own");
  await john.page.clock.fastForward(OUTAGE_MS / 2);
  expect(await john.messages()).not.toContain("missed one");
  cable.mend();
  await john.page.clock.resume();
  await john.page.clock.fastForward(10_000);
  await john.sees("missed three");
  const expected = ["edited meanwhile", "to be liked", "missed one", "missed two", "missed three"];
  const messages = await john.messages();
  const texts = messages.map((text) => text.split("\n")[0]?.replace("(edited)", "").trim());
  expect(texts.filter((text) => text !== undefined && expected.includes(text))).toEqual(expected);
  expect(texts).not.toContain("to be deleted");
  await rowOf(john, "to be liked").getByRole("button", { name: /👍/ }).first().waitFor();
  const room = roomInList(john.page, "Jane Smith");
  await room.getByText("A room of our own").waitFor();
  expect(await john.wasReloaded()).toBe(false);
  expect([...john.faults, ...jane.faults]).toEqual([]);
});
