import { describe, expect, test } from "@jest/globals";
import type { Room } from "../features/rooms/room.js";
import { clientPairs } from "./client-pair.js";
import type { ClientPerson } from "./client-world.js";
import { until } from "./until.js";

let room: Room;
/** Behind a network that breaks. */
let of: ClientPerson;
/** Behind one that does not. */
let other: ClientPerson;
clientPairs(async (pair) => {
  ({ room, of, other } = pair);
  await of.enter(room.id);
  await other.enter(room.id);
});

const words = ({ heard }: ClientPerson) => heard("message_new").map(({ message }) => message.content);
const places = ({ events }: ClientPerson) =>
  events.flatMap((event) => ("seq" in event && event.seq !== undefined ? [event.seq] : []));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("while the network is broken", () => {
  test("what happens is heard afterwards, each once and in order", async () => {
    await other.socket.sendMessage("before");
    await of.hears("message_new");
    await of.goOffline();
    const { id } = await other.socket.sendMessage("meanwhile");
    await other.socket.editMessage(id, "meanwhile, edited");
    await other.socket.addReaction(id, "👍");
    await of.comeBack();
    await other.socket.sendMessage("after");
    await of.hears("message_new", 3);
    expect(places(of)).toEqual(upTo(5));
    expect(words(of)).toEqual(["before", "meanwhile", "after"]);
    expect(of.heard("resync")).toHaveLength(1);
  });

  test("what is said waits, and is carried out afterwards, once and in order", async () => {
    await of.goOffline();
    const said = ["one", "two", "three"];
    const sending = said.map((content) => of.socket.sendMessage(content));
    await of.comeBack();
    await Promise.all(sending);
    expect(words(of)).toEqual(said);
    await other.hears("message_new", 3);
    expect(words(other)).toEqual(said);
  });

  test("it is tried for ever", async () => {
    await of.goOffline();
    await until(() => {
      of.clock.advance(10_000);
      return of.network.refused >= 10;
    }, "ten tries");
    await of.comeBack();
  });

  test.each([
    ["the network is back", () => of.page.dispatchEvent(new Event("online"))],
    ["the page is looked at", () => of.page.document.dispatchEvent(new Event("visibilitychange"))],
  ])("it is tried at once when %s", async (_what, happen) => {
    await of.goOffline();
    of.network.mend();
    happen();
    await until(() => of.socket.state === "open", "the connection");
  });

  test("a page that is hidden does not hurry", async () => {
    await of.goOffline();
    of.page.document.visibilityState = "hidden";
    of.page.document.dispatchEvent(new Event("visibilitychange"));
    expect(of.socket.state).toBe("waiting");
  });

  test("who leaves gives up what waits, and is told so", async () => {
    await of.goOffline();
    const said = of.socket.sendMessage("never").catch((error: unknown) => error);
    of.socket.disconnect();
    expect(await said).toMatchObject({ code: "DISCONNECTED" });
    of.network.mend();
    of.clock.advance(60_000);
    expect(of.socket.state).toBe("closed");
    expect(await other.chat.getMessages(room.id)).toEqual([]);
  });
});

describe("an answer that is lost", () => {
  /** Until the server has done it, and then the connection breaks before anything of that has come back. */
  async function losing(isDone: () => boolean): Promise<void> {
    await until(isDone, "the server to do it");
    of.network.cut();
    await until(() => of.socket.state === "waiting", "the end");
    await of.comeBack();
  }

  test("of a message: it is there once, and heard once", async () => {
    of.network.mute();
    const sending = of.socket.sendMessage("once");
    const next = of.socket.sendMessage("next");
    await losing(() => words(other).length === 1);
    expect([(await sending).content, (await next).content]).toEqual(["once", "next"]);
    await other.hears("message_new", 2);
    expect([words(of), words(other)]).toEqual([
      ["once", "next"],
      ["once", "next"],
    ]);
    expect([places(of), places(other)]).toEqual([upTo(2), upTo(2)]);
  });

  test("of an edit, a reaction or a deletion: each is done once", async () => {
    const { id } = await of.socket.sendMessage("one");
    of.network.mute();
    const editing = of.socket.editMessage(id, "two");
    await losing(() => other.heard("message_edited").length === 1);
    expect((await editing).content).toBe("two");
    of.network.mute();
    const reacting = of.socket.addReaction(id, "👍");
    await losing(() => other.heard("reaction_added").length === 1);
    await reacting;
    of.network.mute();
    const deleting = of.socket.deleteMessage(id);
    await losing(() => other.heard("message_deleted").length === 1);
    await deleting;
    await of.socket.sendMessage("end");
    await other.hears("message_new", 2);
    expect([places(of), places(other)]).toEqual([upTo(5), upTo(5)]);
  });
});

describe("a network that is silent", () => {
  test("is noticed after 25 s and 10 s more, and nothing is missed", async () => {
    of.network.stall();
    await other.socket.sendMessage("into the silence");
    of.clock.advance(34_999);
    expect(of.socket.state).toBe("open");
    of.clock.advance(1);
    expect(of.socket.state).toBe("waiting");
    await of.comeBack();
    expect((await of.hears("message_new")).message.content).toBe("into the silence");
  });

  test("is noticed within 10 s once the page is looked at again", async () => {
    of.network.stall();
    of.page.document.dispatchEvent(new Event("visibilitychange"));
    of.clock.advance(10_000);
    expect(of.socket.state).toBe("waiting");
    await of.comeBack();
  });

  test("is not suspected while it answers", async () => {
    for (let round = 1; round <= 3; round += 1) {
      of.clock.advance(25_000);
      await of.socket.sendMessage("here");
      await of.hears("message_new", round);
    }
    expect(of.heard("state").map(({ state }) => state)).toEqual(["connecting", "open"]);
  });
});

test("over many breaks, two people talk and neither loses, doubles or mixes up anything", async () => {
  const ROUNDS = 12;
  const sending: Promise<unknown>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const breaks = round % 2 === 0 ? of : other;
    if (round % 3 === 0) breaks.network.mute();
    sending.push(of.socket.sendMessage(`john ${2 * round}`), other.socket.sendMessage(`jane ${2 * round}`));
    if (round % 3 !== 0) await breaks.hears("message_new", round);
    await breaks.goOffline();
    sending.push(of.socket.sendMessage(`john ${2 * round + 1}`), other.socket.sendMessage(`jane ${2 * round + 1}`));
    await breaks.comeBack();
  }
  await Promise.all(sending);
  const all = 4 * ROUNDS;
  for (const client of [of, other]) {
    await client.hears("message_new", all);
    expect(places(client)).toEqual(upTo(all));
    for (const name of ["john", "jane"])
      expect(words(client).filter((word) => word.startsWith(name))).toEqual(
        Array.from({ length: 2 * ROUNDS }, (_, index) => `${name} ${index}`),
      );
  }
  expect(words(of)).toEqual(words(other));
});
