import { expect, test } from "@jest/globals";
import { sendMessage } from "../features/messages/message.actions.js";
import { startRestWorld } from "../test/rest-world.js";

const HEADERS = { "x-forwarded-host": "chat.example", "x-forwarded-proto": "https", "x-forwarded-for": "1.2.3.4" };

test.each([
  ["off", "http://127.0.0.1:"],
  ["on", "https://chat.example/"],
  ["1", "https://chat.example/"],
  ["loopback", "https://chat.example/"],
  ["10.0.0.0/8", "http://127.0.0.1:"],
  ["10.0.0.0/8,127.0.0.1", "https://chat.example/"],
])(
  "with TRUST_PROXY=%s a proxy on this machine that calls us chat.example is answered with %s",
  async (trust, origin) => {
    const rest = await startRestWorld({ TRUST_PROXY: trust, ALLOWED_HOSTS: "chat.example" });
    const project = await rest.world.project("apollo");
    const john = await rest.world.person("john", project);
    const room = await rest.world.group(project, john);
    for (const content of ["one", "two"]) await sendMessage(rest.world.as(john), { roomId: room.id, content });
    const { headers } = await rest.call(john, `/api/chat/messages/?room=${room.id}&limit=1`, { headers: HEADERS });
    expect(headers.get("link")).toContain(`<${origin}`);
    await rest.close();
  },
);
