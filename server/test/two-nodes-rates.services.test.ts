import { expect, test } from "@jest/globals";
import type { User } from "../features/directory/directory.js";
import type { Room } from "../features/rooms/room.js";
import type { ServerNode } from "./node.js";
import { twoNodes } from "./two-nodes.js";

let john: User;
let jane: User;
let room: Room;
let a: ServerNode;
let b: ServerNode;
twoNodes(
  (nodes) => {
    ({ john, jane, room, a, b } = nodes);
  },
  { RATE_LIMIT_SENDS: "3/3h" },
);

/** The code that a send is refused with; undefined when it was taken. */
async function send(node: ServerNode, user: User): Promise<unknown> {
  const document = "mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { id } } }";
  const { errors } = await node.ask(user, document, { input: { roomId: String(room.id), content: "Hello" } });
  return errors[0]?.extensions.code;
}

test("what somebody sends on one node counts on the other, and is theirs alone", async () => {
  const john3 = [await send(a, john), await send(b, john), await send(a, john)];
  expect(john3).toEqual([undefined, undefined, undefined]);
  expect([await send(a, john), await send(b, john)]).toEqual(["RATE_LIMITED", "RATE_LIMITED"]);
  expect(await send(b, jane)).toBeUndefined();
});

test("a node that has lost Redis takes what is sent, and counts it by itself", async () => {
  for (const node of [a, b, a]) await send(node, john);
  await a.loseRedis();
  const sent = [await send(a, john), await send(a, john), await send(a, john), await send(a, john)];
  expect(sent).toEqual([undefined, undefined, undefined, "RATE_LIMITED"]);
  expect(await send(b, john)).toBe("RATE_LIMITED");
});
