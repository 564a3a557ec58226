import type { Followed, Happened, History, Log, Sent, Span } from "./history.js";

/** What may not be. Each is a promise of docs/delivery.md that was broken. */
export const anomalyKinds = [
  "hole in the log",
  "time went back",
  "lost send",
  "doubled send",
  "another answer",
  "refused but stored",
  "nobody's message",
  "sends out of order",
  "lost delivery",
  "doubled delivery",
  "delivery out of order",
  "another event",
  "after removal",
  "ended for nothing",
  "fault at a follower",
  "fault at a sender",
] as const;
export type AnomalyKind = (typeof anomalyKinds)[number];

export interface Anomaly {
  readonly kind: AnomalyKind;
  readonly detail: string;
}

const SENT = /^message_sent (\d+)$/;
const REMOVED = /^participant_removed (\d+)$/;
const ADDED = /^participant_added (\d+)$/;

/** Everything in a history that breaks a promise, in no order; empty when all were kept. */
export function check(history: History): readonly Anomaly[] {
  const logs = new Map(history.logs.map((log) => [log.stream, log]));
  return [
    ...history.logs.flatMap(checkLog),
    ...checkSends(history.sent, logs),
    ...history.faults.map((detail): Anomaly => ({ kind: "fault at a sender", detail })),
    ...history.followed.flatMap((followed) => checkFollowed(followed, logs)),
  ];
}

/** P2: 1, 2, 3 ... without holes, and times that rise with it. */
function checkLog({ stream, entries }: Log): readonly Anomaly[] {
  return entries.flatMap((entry, index): readonly Anomaly[] => {
    const detail = `${stream}: ${entry.what} has ${entry.seq}, and is number ${index + 1}`;
    const before = entries[index - 1];
    if (entry.seq !== index + 1) return [{ kind: "hole in the log", detail }];
    if (before !== undefined && before.atMs > entry.atMs) return [{ kind: "time went back", detail }];
    return [];
  });
}

interface Stored {
  readonly room: number;
  readonly seq: number;
  readonly messageId: number;
}

/** P1 and P5: what was acknowledged is there, each key at most once, and its answer is always the same message. */
function checkSends(sent: readonly Sent[], logs: ReadonlyMap<string, Log>): readonly Anomaly[] {
  const anomalies: Anomaly[] = [];
  const report = (kind: AnomalyKind, detail: string): void => void anomalies.push({ kind, detail });
  const stored = storedByKey(logs);
  const known = new Set<string>();
  for (const send of sent) {
    known.add(send.key);
    const found = stored.get(send.key) ?? [];
    const name = `${send.key} of ${send.user} in room ${send.room} by ${send.transport}`;
    if (found.length > 1)
      report("doubled send", `${name} is there ${found.length} times: ${found.map(({ seq }) => seq).join(", ")}`);
    if (send.outcome === "ok" && !found.some(({ room }) => room === send.room))
      report("lost send", `${name} was acknowledged as ${send.messageIds.join(", ")}, and is not there`);
    if (send.outcome === "refused" && found.length > 0)
      report("refused but stored", `${name} was refused (${send.trouble ?? ""})`);
    const others = send.messageIds.filter((id) => found.length > 0 && !found.some(({ messageId }) => messageId === id));
    if (others.length > 0 || new Set(send.messageIds).size > 1)
      report("another answer", `${name} was answered with ${send.messageIds.join(", ")}`);
  }
  for (const [key, found] of stored)
    if (!known.has(key)) report("nobody's message", `${key} at ${found.map(({ seq }) => seq).join(", ")}`);
  return [...anomalies, ...checkOrderOfSends(sent, stored)];
}

function storedByKey(logs: ReadonlyMap<string, Log>): ReadonlyMap<string, readonly Stored[]> {
  const stored = new Map<string, Stored[]>();
  for (const { stream, entries } of logs.values()) {
    for (const { seq, what, key } of entries) {
      const messageId = SENT.exec(what)?.[1];
      if (messageId === undefined || key === undefined) continue;
      const found = stored.get(key) ?? [];
      stored.set(key, found);
      found.push({ room: Number(stream.slice(1)), seq, messageId: Number(messageId) });
    }
  }
  return stored;
}

/** P2: what was begun after another send of the same room was acknowledged, comes after it. */
function checkOrderOfSends(sent: readonly Sent[], stored: ReadonlyMap<string, readonly Stored[]>): readonly Anomaly[] {
  const placed = sent.flatMap((send) => (stored.get(send.key) ?? []).map(({ seq }) => ({ send, seq })));
  const fromTheEnd = placed.toSorted((left, right) => right.seq - left.seq);
  const firstOks = new Map<number, Sent>();
  const anomalies: Anomaly[] = [];
  for (const { send, seq } of fromTheEnd) {
    const later = firstOks.get(send.room);
    if (later?.okMs !== undefined && later.okMs < send.invokedMs) {
      const detail = `room ${send.room}: ${later.key} was acknowledged before ${send.key} (${seq}) began, and comes after it`;
      anomalies.push({ kind: "sends out of order", detail });
    }
    if (send.okMs !== undefined && send.okMs < (later?.okMs ?? Infinity)) firstOks.set(send.room, send);
  }
  return anomalies;
}

/** P3, P4 and P6, for one follower. */
function checkFollowed(followed: Followed, logs: ReadonlyMap<string, Log>): readonly Anomaly[] {
  const faults = followed.faults.map((detail): Anomaly => ({
    kind: "fault at a follower",
    detail: `${followed.name}: ${detail}`,
  }));
  const ofSpans = followed.spans.flatMap((span) => {
    const entries = logs.get(span.stream)?.entries ?? [];
    const report = (kind: AnomalyKind, detail: string): Anomaly => ({
      kind,
      detail: `${followed.name}, ${span.stream} after ${span.start}: ${detail}`,
    });
    return [...compare(span, entries, report), ...checkRemovals(followed.user, span, entries, report)];
  });
  return [...faults, ...ofSpans];
}

type Report = (kind: AnomalyKind, detail: string) => Anomaly;

/** Each event of the log once and in its order; to the end of it, unless the span was ended. */
function compare(span: Span, entries: readonly Happened[], report: Report): readonly Anomaly[] {
  const anomalies: Anomaly[] = [];
  const seen = new Set<number>();
  let newest = span.start;
  for (const event of span.events) {
    const { seq, what } = event;
    const entry = entries[seq - 1];
    if (seen.has(seq)) anomalies.push(report("doubled delivery", `${what} (${seq})`));
    else if (seq <= newest) anomalies.push(report("delivery out of order", `${what} (${seq}) after ${newest}`));
    if (entry === undefined || !isSame(entry, event))
      anomalies.push(report("another event", `${what} (${seq}), where the log has ${entry?.what ?? "nothing"}`));
    seen.add(seq);
    newest = Math.max(newest, seq);
  }
  const end = span.ended === "open" ? entries.length : newest;
  for (let seq = span.start + 1; seq <= end; seq += 1)
    if (!seen.has(seq)) anomalies.push(report("lost delivery", `${entries[seq - 1]?.what ?? "?"} (${seq})`));
  return anomalies;
}

/** A message that was deleted since comes without its words. */
function isSame(entry: Happened, event: Happened): boolean {
  const saysTheSame = entry.key === undefined || event.key === undefined || entry.key === event.key;
  return entry.what === event.what && saysTheSame;
}

/** Who is removed gets nothing of what follows, until they are added again; and only who is removed is told so. */
function checkRemovals(user: number, span: Span, entries: readonly Happened[], report: Report): readonly Anomaly[] {
  const anomalies: Anomaly[] = [];
  const absences = absencesOf(user, entries);
  for (const { seq, what, atMs } of span.events) {
    const absence = absences.find(({ after, before }) => seq > after && seq < before);
    if (absence !== undefined && atMs < absence.againMs)
      anomalies.push(report("after removal", `${what} (${seq}), removed at ${absence.after}`));
  }
  if (span.ended === "removed" && !absences.some(({ after }) => after > span.start) && !isGone(entries))
    anomalies.push(report("ended for nothing", "nobody removed them"));
  return anomalies;
}

interface Absence {
  /** The seq of the removal, and that of the return. */
  readonly after: number;
  readonly before: number;
  readonly againMs: number;
}

function absencesOf(user: number, entries: readonly Happened[]): readonly Absence[] {
  const absences: Absence[] = [];
  let after: number | undefined;
  for (const { seq, what, atMs } of entries) {
    if (REMOVED.exec(what)?.[1] === String(user)) after = seq;
    if (after === undefined || ADDED.exec(what)?.[1] !== String(user)) continue;
    absences.push({ after, before: seq, againMs: atMs });
    after = undefined;
  }
  return after === undefined ? absences : [...absences, { after, before: Infinity, againMs: Infinity }];
}

function isGone(entries: readonly Happened[]): boolean {
  return entries.at(-1)?.what.startsWith("room_deleted") ?? false;
}
