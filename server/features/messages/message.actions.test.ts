import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createWorld, type World } from "../../test/world.js";
import { sendMessage } from "./message.actions.js";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test("a sent message gets the next number of its room", async () => {
  const project = await world.project("apollo");
  const john = await world.person("john", project);
  const room = await world.group(project, john);
  const first = await sendMessage(world.as(john), { roomId: room.id, content: "one" });
  const second = await sendMessage(world.as(john), { roomId: room.id, content: "two" });
  expect([first.no, second.no]).toEqual([1, 2]);
});
