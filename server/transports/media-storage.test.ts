import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { attachmentUrls } from "../features/attachments/attachment.actions.js";
import { sendMessage } from "../features/messages/message.actions.js";
import { startGraphqlWorld, type GraphqlWorld } from "../test/graphql-world.js";
import { incoming } from "../test/uploads.js";

let graph: GraphqlWorld;
beforeAll(async () => {
  graph = await startGraphqlWorld();
});
afterAll(() => graph.close());

/** A file that somebody has sent: where it is stored, and its address. */
async function sent(name: string): Promise<{ readonly key: string; readonly url: string }> {
  const { world, server } = graph;
  const project = await world.project(name);
  const john = await world.person(`john-${name}`, project);
  const { id: roomId } = await world.group(project, john);
  const file = incoming({ name: "digits.txt", bytes: Buffer.from("0123456789") });
  const { attachment } = await sendMessage(world.as(john), { roomId, content: "", attachment: file });
  if (attachment === null) throw new Error("The message has no file.");
  return { key: attachment.key, url: `${server.url}${attachmentUrls(world.services.files, attachment).url}` };
}

/** What nobody may keep, and which says nothing of the file that is not there. */
const nothingKept = (headers: Headers) => ({
  type: headers.get("content-type"),
  cache: headers.get("cache-control"),
  ofFile: ["etag", "last-modified", "content-disposition"].map((name) => headers.get(name)),
});
const NOTHING_KEPT = { type: "application/json; charset=utf-8", cache: "no-store", ofFile: [null, null, null] };

test("a file that has gone from the storage is not found, and nobody keeps that answer", async () => {
  const { key, url } = await sent("gone");
  await graph.world.services.files.storage.delete([key]);
  const response = await fetch(url);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ detail: "This file does not exist, or you have no access to it." });
  expect(nothingKept(response.headers)).toEqual(NOTHING_KEPT);
});

test("a storage that fails is said, with when to try again, and nobody keeps that answer", async () => {
  const { key, url } = await sent("failing");
  const path = join(graph.world.dataDir, "media", key);
  await rm(path);
  await symlink(path, path);
  const response = await fetch(url);
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await response.json()).toEqual({ detail: "Files can't be stored or opened just now. Try again in a moment." });
  expect(nothingKept(response.headers)).toEqual(NOTHING_KEPT);
});

test("a file without an address that opens it asks for a token as everything does", async () => {
  const response = await fetch((await sent("bare")).url.replace(/\?.*/, ""));
  expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
});
