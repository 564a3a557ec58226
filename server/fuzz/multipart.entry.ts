import { requireGraphqlAnswer, requireRestAnswer } from "./answers.js";
import { anyJson, anyText, Choices, choices, mangled } from "./choices.js";
import { entry } from "./entry.js";
import { jsonOf } from "./json.js";

interface Form {
  readonly isGraphql: boolean;
  readonly contentType: string;
  readonly body: string;
}

const QUERY = "mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { id } } }";
const BOUNDARY = "----parley";
const CONTENTS = [
  "words",
  "",
  "%PDF-1.4\n%%EOF",
  "GIF89a",
  "\u0089PNG\r\n\u001a\n",
  "PK\u0003\u0004",
  "<svg/>",
  "a".repeat(70_000),
] as const;
const FILES = [
  "a.txt",
  "a.png",
  "",
  "../a.txt",
  "a.exe",
  'a".txt',
  "a\u0000.txt",
  "😀.pdf",
  "a.constructor",
  "x".repeat(400),
] as const;

function part(choose: Choices, name: string, value: string, fileName?: string): string {
  const file = fileName === undefined ? "" : `; filename="${fileName}"`;
  const kind = choose.rarely(4)
    ? `\r\nContent-Type: ${choose.of(["text/plain", "image/png", "x", "text/html; charset=utf-16"])}`
    : "";
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}${kind}\r\n\r\n${value}\r\n`;
}

const aFile = (choose: Choices, name: string): string => part(choose, name, choose.of(CONTENTS), choose.of(FILES));

function graphqlParts(choose: Choices): readonly string[] {
  const input = { roomId: "§room§", content: anyText(choose), attachment: null };
  const operations = choose.rarely(8) ? anyJson(choose) : { query: QUERY, variables: { input } };
  const path = choose.of([
    "variables.input.attachment",
    "variables.input.attachment",
    "variables.input",
    "variables",
    "query",
    "__proto__.x",
    "",
  ]);
  const map = choose.rarely(8) ? anyJson(choose) : { "0": [path] };
  return [part(choose, "operations", jsonOf(operations)), part(choose, "map", jsonOf(map)), aFile(choose, "0")];
}

function restParts(choose: Choices): readonly string[] {
  const file = choose.rarely(6)
    ? part(choose, "attachment", "words")
    : aFile(choose, choose.rarely(8) ? anyText(choose) : "attachment");
  const content = part(choose, "content", anyText(choose));
  return [part(choose, "room", choose.rarely(8) ? anyText(choose) : "§room§"), content, file];
}

/** The parts, some lost or in another order or twice, and what stands between them mangled. */
function anyForm(choose: Choices): Form {
  const isGraphql = choose.rarely(2);
  const parts = (isGraphql ? graphqlParts(choose) : restParts(choose)).filter(() => !choose.rarely(12));
  const order = choose.rarely(4) ? parts.toReversed() : parts;
  const all = choose.rarely(10) ? [...order, ...order] : order;
  const text = `${all.join("")}--${BOUNDARY}--\r\n`;
  const kinds = [BOUNDARY, BOUNDARY, BOUNDARY, "other", "", '"', "x".repeat(100)] as const;
  const given = choose.rarely(8) ? choose.of(kinds) : BOUNDARY;
  return {
    isGraphql,
    contentType: `multipart/form-data; boundary=${given}`,
    body: choose.rarely(4) ? mangled(choose, text) : text,
  };
}

/** Forms with files, over GraphQL and REST, whole and mangled. */
export const multipart = entry<Form>("multipart", async (target) => ({
  inputs: choices.map((numbers) => anyForm(new Choices(numbers))),
  async send({ isGraphql, contentType, body }) {
    const response = await fetch(`${target.url}${isGraphql ? "/graphql" : "/api/chat/messages/"}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${target.token}`,
        "content-type": contentType,
        "apollo-require-preflight": "1",
      },
      body: Buffer.from(target.filled(body), "latin1"),
    });
    await (isGraphql ? requireGraphqlAnswer(response) : requireRestAnswer(response));
  },
}));
