import { expect, test } from "@jest/globals";
import { countOf, ROOM, roomInList, type Visitor } from "./browser.js";

/**
 * What two people do who talk with each other, wherever the servers are that they are connected to.
 * @param people John Doe in this room, and Jane Smith on a phone, with the list of her rooms on the screen
 */
export function conversation(people: () => readonly [john: Visitor, jane: Visitor]): void {
  test("a message sent in one browser appears in the other, once", async () => {
    const [john, jane] = people();
    await jane.openRoom(ROOM);
    await john.send("Hello Jane");
    await jane.sees("Hello Jane");
    await jane.send("Hello John");
    await john.sees("Hello John");
    for (const person of [john, jane])
      expect(countOf(await person.messages(), ["Hello Jane", "Hello John"])).toEqual([1, 1]);
  });

  test("while one types, the other sees it", async () => {
    const [john, jane] = people();
    await jane.typesUntilSeenBy(john, "Jane Smith");
    await jane.send("I am thinking");
    await john.sees("I am thinking");
  });

  test("a room that somebody creates appears for those in it, and counts what they have not read", async () => {
    const [john, jane] = people();
    await john.page.getByRole("button", { name: "New direct message" }).first().click();
    await john.page.getByRole("dialog").getByText("Jane Smith").click();
    await john.inRoom("Jane Smith");
    await john.send("Just between us");
    await jane.page.getByRole("link", { name: "Back to rooms" }).click();
    const room = roomInList(jane.page, "John Doe");
    await room.getByText("Just between us").waitFor();
    await room.locator(".badge").waitFor();
    await room.click();
    await jane.sees("Just between us");
    await room.locator(".badge").waitFor({ state: "detached" });
  });
}
