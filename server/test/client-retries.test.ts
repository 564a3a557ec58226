import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "@jest/globals";
import { createChatService } from "../../client/chat-service.ts";
import type { Project, User } from "../features/directory/directory.js";
import type { Room } from "../features/rooms/room.js";
import { clientPairs, failureOf } from "./client-pair.js";
import type { ClientPerson } from "./client-world.js";
import { until } from "./until.js";

let project: Project;
let jane: User;
let room: Room;
let of: ClientPerson;
let other: ClientPerson;
clientPairs((pair) => {
  ({ project, jane, room, of, other } = pair);
});

const contents = async (): Promise<readonly string[]> =>
  (await other.chat.getMessages(room.id)).map(({ content }) => content);

describe("when the network breaks", () => {
  test("a message whose answer was lost is sent again and is there once", async () => {
    await of.chat.getRooms();
    of.network.mute();
    const sending = of.chat.sendMessage({ room: room.id, content: "once" });
    await until(async () => (await contents()).length === 1, "the message to be stored");
    of.network.cut();
    of.network.mend();
    expect(await of.patiently(sending)).toMatchObject({ content: "once" });
    expect(await contents()).toEqual(["once"]);
  });

  test("a deletion whose answer was lost has succeeded", async () => {
    const { id } = await of.chat.sendMessage({ room: room.id, content: "gone" });
    of.network.mute();
    const deleting = of.chat.deleteMessage(id);
    await until(async () => (await contents()).length === 0, "the message to be gone");
    of.network.cut();
    of.network.mend();
    expect(await of.patiently(deleting)).toBeUndefined();
  });

  test("a removal whose answer was lost has succeeded", async () => {
    await of.chat.getRooms();
    of.network.mute();
    const removing = of.chat.removeParticipant(room.id, jane.id);
    await until(async () => (await other.chat.getRooms()).length === 0, "jane to be out");
    of.network.cut();
    of.network.mend();
    expect(await of.patiently(removing)).toBeUndefined();
  });

  test("a call that may be repeated is tried four times and then told", async () => {
    of.network.cut();
    expect(await of.patiently(failureOf(of.chat.getRooms()))).toMatchObject({ status: 0, code: "NETWORK" });
    expect(of.network.refused).toBe(4);
  });

  test("a group is not made twice: that is told at once", async () => {
    of.network.cut();
    const data = { type: "group", name: "Once", project: project.id, participant_ids: [] } as const;
    expect(await failureOf(of.chat.createRoom(data))).toMatchObject({ code: "NETWORK" });
    expect(of.network.refused).toBe(1);
  });

  test("an answer that does not come is not waited for longer than 30 s", async () => {
    await of.chat.getRooms();
    of.network.stall();
    const data = { type: "group", name: "Late", project: project.id, participant_ids: [] } as const;
    const failure = failureOf(of.chat.createRoom(data));
    await until(() => of.network.swallowedBytes > 0, "the request to be swallowed");
    of.clock.advance(29_999);
    expect(await Promise.race([failure, Promise.resolve("still waiting")])).toBe("still waiting");
    of.clock.advance(1);
    expect(await failure).toMatchObject({ code: "NETWORK" });
  });
});

describe("before a server", () => {
  let front: Server;
  const asked: string[] = [];
  /** What may stand before a server: a proxy that answers by itself while nothing is behind it. */
  async function frontOf(answer: RequestListener): Promise<string> {
    front = createServer((request, response) => {
      asked.push(`${request.method} ${String(request.headers["idempotency-key"])}`);
      answer(request, response);
    });
    front.listen(0, "127.0.0.1");
    await once(front, "listening");
    const address = front.address();
    return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
  }
  afterEach(() => {
    asked.length = 0;
    front.closeAllConnections();
    front.close();
  });
  const after = (delayMs: number, callback: () => void) => of.clock.after(delayMs, callback);

  test("a proxy that has nothing behind it for a moment is asked again, under the same key", async () => {
    const baseUrl = await frontOf((_request, response) => {
      if (asked.length <= 2) response.writeHead(asked.length === 1 ? 502 : 503).end("<html>Bad Gateway</html>");
      else response.writeHead(201, { "content-type": "application/json" }).end('{"id": 1}');
    });
    const chat = createChatService({ baseUrl, token: () => "token" }, { after });
    expect(await of.patiently(chat.sendMessage({ room: 1, content: "Hello!" }))).toEqual({ id: 1 });
    expect(asked).toHaveLength(3);
    expect(new Set(asked).size).toBe(1);
    expect(asked[0]).toMatch(/^POST [0-9a-f-]{36}$/);
  });

  test("who is told to wait, waits as long as it says, and goes on under the same key", async () => {
    const baseUrl = await frontOf((_request, response) => {
      if (asked.length === 1) response.writeHead(429, { "retry-after": "2" }).end('{"detail": "Wait."}');
      else response.writeHead(201, { "content-type": "application/json" }).end('{"id": 1}');
    });
    const chat = createChatService({ baseUrl, token: () => "token" }, { after });
    const started = of.clock.now().getTime();
    expect(await of.patiently(chat.sendMessage({ room: 1, content: "Hello!" }))).toEqual({ id: 1 });
    expect(of.clock.now().getTime() - started).toBeGreaterThanOrEqual(2_000);
    expect([asked.length, new Set(asked).size]).toEqual([2, 1]);
  });

  test("one that asks for more patience than a person has is told at once, in words", async () => {
    const baseUrl = await frontOf((_request, response) =>
      response.writeHead(503, { "retry-after": "3600" }).end("<html>Maintenance</html>"),
    );
    const chat = createChatService({ baseUrl, token: () => "token" }, { after });
    expect(await failureOf(chat.getRooms())).toMatchObject({
      code: "UNAVAILABLE",
      message: "The server answered with status 503.",
      retryAfterMs: 3_600_000,
    });
  });

  test("a file goes as a form, with its name, and its type for the server to find", async () => {
    let form: FormData | undefined;
    const read = async (request: IncomingMessage): Promise<FormData> => {
      const headers = { "content-type": request.headers["content-type"] ?? "" };
      return new Response(await buffer(request), { headers }).formData();
    };
    const baseUrl = await frontOf((request, response) => {
      void read(request).then((fields) => {
        form = fields;
        response.writeHead(201).end('{"id": 1}');
      });
    });
    const chat = createChatService({ baseUrl, token: () => "token" }, { after });
    const attachment = new File(["plan"], "plan.txt", { type: "text/plain" });
    await chat.sendMessage({ room: 1, content: "Check this out", type: "file", attachment });
    const file = form?.get("attachment");
    expect([form?.get("room"), form?.get("content"), form?.get("type")]).toEqual(["1", "Check this out", "file"]);
    expect(file instanceof File && [file.name, file.type, await file.text()]).toEqual([
      "plan.txt",
      "text/plain",
      "plan",
    ]);
    await chat.sendMessage({ room: 1, attachment: new Blob(["plan"]), attachment_name: "other.txt" });
    const blob = form?.get("attachment");
    expect([form?.get("type"), blob instanceof File && blob.name]).toEqual([null, "other.txt"]);
  });
});
