import { describe, expect, test } from "@jest/globals";
import { newSecret } from "./planted-secrets.js";
import {
  keepRequestOutOfLogs,
  keepSentOutOfLogs,
  keepSettingsOutOfLogs,
  keepToldFilesOutOfLogs,
} from "./sent-secrets.js";
import { leaksIn } from "./watched-log.js";

const sendQuery = (query: string): void => keepSentOutOfLogs(JSON.stringify({ query }));

describe("what is written into a document is private:", () => {
  test.each<[string, (text: string) => string]>([
    ["a literal", (text) => `{ find(text: "${text}") { id } }`],
    ["one behind another of its list", (text) => `{ find(texts: ["a", "${text}"]) { id } }`],
    ["a block", (text) => `{ find(text: """\n  \\"""quoted\\""" and\n  ${text}\n""") { id } }`],
    ["one behind a string with a quote", (text) => `{ find(a: "\\"", text: "${text}") { id } }`],
    ["one that is not closed", (text) => `{ find(text: "${text}`],
  ])("%s", (_what, documentOf) => {
    const text = newSecret();
    sendQuery(documentOf(text));
    expect(leaksIn(text)).toEqual([text]);
  });

  test("and what points at something is not", () => {
    const [roomId, after] = [newSecret(), newSecret()];
    sendQuery(`{ room(roomId: "${roomId}") { messages(first: 1, after: "${after}") { id } } }`);
    expect(leaksIn(roomId + after)).toEqual([]);
  });
});

// Long enough that work which grows with the square of it would not end before the test has to.
const LONG = 3_000_000;

describe("work grows with the length of what is sent alone:", () => {
  test.each([
    ["a word", "{ " + "a".repeat(LONG)],
    ["strings behind a long name", `{ ${"a".repeat(LONG)}: [${'"a" '.repeat(LONG / 10)}] }`],
    ["quotes that end nothing", `{ "${'\\"'.repeat(LONG)}`],
    ["blocks that end nothing", `{ """${'\\"""'.repeat(LONG)}`],
  ])("%s", (_what, query) => {
    sendQuery(query);
  });

  test("a form whose parts do not end", () => {
    keepSentOutOfLogs(
      `Content-Disposition: form-data; name="${'a; name="'.repeat(LONG / 10)}${"\r\n\r\n".repeat(LONG / 10)}x`,
    );
  });
});

test("a form's fields are private, and so is the name of a file whose content comes later", () => {
  const [text, name] = [newSecret(), newSecret()];
  keepSentOutOfLogs(
    `--b\r\nContent-Disposition: form-data; name="content"\r\n\r\nHi\r\n\r\n${text}\r\n` +
      `--b\r\nContent-Disposition: form-data; name="attachment"; filename="${name}"\r\n\r\n`,
  );
  expect(leaksIn(`Hi\r\n\r\n${text}`)).toEqual([`Hi\r\n\r\n${text}`]);
  expect(leaksIn(name)).toEqual([name]);
});

test.each(["apiKey", "passwordHash", "key", "secretKey"])("a field is private that is called %s", (name) => {
  const text = newSecret();
  keepSentOutOfLogs(JSON.stringify({ [name]: text }));
  expect(leaksIn(text)).toEqual([text]);
});

test("of what a server tells, a file's name and the words beside it are private", () => {
  const [name, content, own] = [newSecret(), newSecret(), newSecret()];
  const message = { id: own, content, attachment: { name, url: own } };
  const errors = [{ message: own, extensions: { code: "INTERNAL_SERVER_ERROR" } }];
  keepToldFilesOutOfLogs(JSON.stringify({ type: "next", payload: { data: { event: [{ message }] }, errors } }));
  keepToldFilesOutOfLogs(JSON.stringify({ message: { content: own, attachment: null } }));
  expect([...leaksIn(name), ...leaksIn(content)]).toEqual([name, content]);
  expect(leaksIn(`${own} INTERNAL_SERVER_ERROR`)).toEqual([]);
});

describe("nothing that can be sent or set is too odd:", () => {
  test("an address that is none", () => {
    const text = newSecret();
    keepRequestOutOfLogs(`//?text=${text}`, []);
    expect(leaksIn(text)).toEqual([text]);
  });

  test("a password with a percent sign that encodes nothing", () => {
    const password = `${newSecret()}%`;
    keepSettingsOutOfLogs({ DATABASE_URL: `postgres://parley:${password}@localhost` });
    expect(leaksIn(password)).toEqual([password]);
  });

  test("and one that is encoded is known in both ways", () => {
    const text = newSecret();
    keepSettingsOutOfLogs({ DATABASE_URL: `postgres://parley:%40${text}@localhost` });
    expect([...leaksIn(`%40${text}`), ...leaksIn(`@${text}`)]).toEqual([`%40${text}`, `@${text}`]);
  });

  test("an object with very many fields", () => {
    const fields = Array.from({ length: 200_000 }, (_, index) => [`f${index}`, ""]);
    expect(() => keepSentOutOfLogs(JSON.stringify(Object.fromEntries(fields)))).not.toThrow();
  });
});
