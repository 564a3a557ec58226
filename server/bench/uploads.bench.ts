import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Bench } from "./bench.js";
import { FIRST_WRITER, writtenRooms } from "./plan.js";
import { figure } from "./report.js";

const MIB = 1024 * 1024;
const ABORTS = 1_000;
const QUICK_ABORTS = 100;
const ABORTED_BYTES = 2 * MIB;
const WHOLE_BYTES = 10 * MIB;
const SMALL_BYTES = 1_024;
const WHOLE = 20;
const QUICK_WHOLE = 5;
const GIVE_UP_MS = 20_000;

/** What uploads leave when they break off, which has to be nothing, and what whole ones take of the server's memory. */
export async function uploads(bench: Bench): Promise<void> {
  // What the first one loads stays: it is not what an upload takes. It is small, so that what the others take shows.
  await upload(bench, SMALL_BYTES);
  const rows = [await measure(bench, 1, 1)];
  for (const atOnce of [1, 4]) rows.push(await measure(bench, bench.isQuick ? QUICK_WHOLE : WHOLE, atOnce));
  const heads = ["uploads of 10 MB", "at most MB", "after MB", "ms each"];
  bench.report.table(
    "Resident memory of the server's process over what it had before: at most, and settled afterwards",
    heads,
    rows,
  );
  await breakOff(bench, bench.isQuick ? QUICK_ABORTS : ABORTS);
}

async function breakOff(bench: Bench, count: number): Promise<void> {
  const whole = await requestOf(bench, ABORTED_BYTES);
  const before = await bench.server.call("uploadFiles");
  for (let done = 0; done < count; done += 1) await sendPart(bench, whole.subarray(0, cut(whole.length, done / count)));
  const giveUpAtMs = performance.now() + GIVE_UP_MS;
  let after = await bench.server.call("uploadFiles");
  while (after.length !== before.length && performance.now() < giveUpAtMs) {
    await pause(50);
    after = await bench.server.call("uploadFiles");
  }
  const left = after.filter((path) => !before.includes(path));
  bench.report.table(
    "Files that broken uploads have left",
    ["uploads", "left"],
    [[String(count), String(left.length)]],
  );
  if (left.length > 0)
    bench.report.fault(`${left.length} files are left of ${count} uploads that broke off: ${left[0]}`);
}

/** Spread over the whole request, denser in its head and fields, and never all of it. */
const cut = (length: number, share: number): number => Math.floor((length - 1) * share ** 3);

async function measure(bench: Bench, count: number, atOnce: number): Promise<string[]> {
  const before = await bench.server.call("settledUsage");
  await bench.server.call("watchMemory");
  const startMs = performance.now();
  for (let done = 0; done < count; done += atOnce)
    await Promise.all(Array.from({ length: atOnce }, () => upload(bench, WHOLE_BYTES)));
  const eachMs = (performance.now() - startMs) / count;
  const peakBytes = await bench.server.call("peakMemory");
  const after = await bench.server.call("settledUsage");
  return [
    `${count}, ${atOnce} at once`,
    figure((peakBytes - before.rssBytes) / MIB),
    figure((after.rssBytes - before.rssBytes) / MIB),
    figure(eachMs),
  ];
}

function formOf(size: number): FormData {
  const query =
    "mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { attachment { size } } } }";
  const form = new FormData();
  form.append(
    "operations",
    JSON.stringify({ query, variables: { input: { roomId: String(writtenRooms.first), attachment: null } } }),
  );
  form.append("map", '{"0": ["variables.input.attachment"]}');
  form.append("0", new Blob([new Uint8Array(size).fill(97)]), "words.txt");
  return form;
}

async function upload({ urls, token, report }: Bench, size: number): Promise<void> {
  const headers = { authorization: `Bearer ${await token(FIRST_WRITER)}`, "apollo-require-preflight": "true" };
  const response = await fetch(`${urls.parley}/graphql`, { method: "POST", headers, body: formOf(size) });
  const text = await response.text();
  if (!text.includes(`"size":${size}`)) report.fault(`An upload was answered with ${response.status}: ${text}`);
}

/** The bytes of a whole request. */
async function requestOf({ urls, token }: Bench, size: number): Promise<Buffer> {
  const request = new Request(`${urls.parley}/graphql`, { method: "POST", body: formOf(size) });
  const body = Buffer.from(await request.arrayBuffer());
  const head = [
    "POST /graphql HTTP/1.1",
    `Host: ${new URL(urls.parley).host}`,
    `Content-Type: ${request.headers.get("content-type")}`,
    `Content-Length: ${body.length}`,
    `Authorization: Bearer ${await token(FIRST_WRITER)}`,
    "apollo-require-preflight: true",
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]);
}

async function sendPart({ urls }: Bench, bytes: Buffer): Promise<void> {
  const { hostname, port } = new URL(urls.parley);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  socket.destroy();
  await closed;
}
