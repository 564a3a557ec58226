import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { emoji } from "../features/reactions/reaction.js";
import { messageContent } from "../features/messages/message.js";
import { query, sql, type RawBuilder } from "../platform/sql.js";
import { filesIn } from "../test/uploads.js";
import { createWorld, type World } from "../test/world.js";
import { demoRecords } from "./demo-records.js";
import { loadDemoData } from "./load-demo-data.js";
import type { DemoRecord } from "./demo-record.js";

const now = new Date("2026-03-04T10:00:00Z");
const records = demoRecords(now);
const messages = records.filter((record) => record.kind === "message");

let world: World;

beforeAll(async () => {
  world = await createWorld();
  await loadDemoData(world, now);
});

afterAll(() => world.close());

const rows = <Row>(statement: RawBuilder<Row>): Promise<readonly Row[]> => query(world.database.fork(), statement);

describe("the demo's records", () => {
  test("are the same for the same moment", () => {
    expect(demoRecords(now)).toEqual(records);
  });

  test("name only the five people of the demo", () => {
    const users = records.filter((record) => record.kind === "user");
    expect(users.map((user) => `${user.id} ${user.username} ${user.display_name}`)).toEqual([
      "1 john John Doe",
      "2 jane Jane Smith",
      "3 bob Bob Stone",
      "4 alice Alice Martin",
      "5 dee Dee Okafor",
    ]);
  });

  test("hold what could have been sent: clean text, real emoji, nothing left to fill in", () => {
    for (const message of messages) {
      expect(messageContent.parse(message.content)).toBe(message.content);
      expect(message.content).not.toMatch(/\{[a-z]\w*\}|\[[^\]]*\||''|\\n/i);
      for (const reaction of message.reactions) expect(emoji.parse(reaction.emoji)).toBe(reaction.emoji);
    }
  });

  test("are spoken by participants of the room alone, each after the other", () => {
    const rooms = new Map(records.filter((record) => record.kind === "room").map((room) => [room.id, room]));
    for (const message of messages) {
      const present = rooms.get(message.room)?.participants.map((participant) => participant.user);
      expect(present).toEqual(
        expect.arrayContaining([message.user, ...message.reactions.map((reaction) => reaction.user)]),
      );
    }
    expect(messages.map((message) => message.created_at)).toEqual(
      messages.map((message) => message.created_at).toSorted(),
    );
  });

  test("end some minutes ago, with variety: edits, reactions, code, links, mentions, many days", () => {
    const inRoom1 = messages.filter((message) => message.room === 1);
    expect(inRoom1.length).toBeGreaterThan(2_500);
    expect(inRoom1.at(-1)?.created_at).toBe("2026-03-04T09:56:00.000Z");
    expect(new Set(inRoom1.map((message) => message.created_at.slice(0, 10))).size).toBeGreaterThan(40);
    const count = (matches: (message: Extract<DemoRecord, { kind: "message" }>) => boolean): number =>
      inRoom1.filter(matches).length;
    expect(count((message) => message.edited_at !== null)).toBeGreaterThan(1);
    expect(count((message) => message.reactions.length > 0)).toBeGreaterThan(300);
    expect(count((message) => message.content.includes("```"))).toBeGreaterThan(30);
    expect(count((message) => message.content.includes("https://"))).toBeGreaterThan(50);
    expect(count((message) => /@(john|jane|bob)/.test(message.content))).toBeGreaterThan(50);
  });

  test("have a message 42 of John's in room 1, for the example requests", () => {
    expect(messages.find((message) => message.id === 42)).toMatchObject({ room: 1, user: 1 });
  });
});

describe("loading the demo", () => {
  test("numbers each room's messages 1, 2, 3 ... in the order of their time", async () => {
    const wrong = await rows(sql`
      select room_id, no from (
        select room_id, no, row_number() over (partition by room_id order by created_at, id) as place from chat_message) m
      where no <> place`);
    expect(wrong).toEqual([]);
  });

  test("opens every room's stream behind its history, with no events", async () => {
    const streams = await rows<{ id: string; last_seq: number; last_no: number }>(
      sql`select id, last_seq, last_no from feed_stream order by id`,
    );
    const countIn = (room: number): number => messages.filter((message) => message.room === room).length;
    expect(streams).toEqual([1, 2, 3, 4, 5].map((room) => ({ id: `r${room}`, last_seq: 0, last_no: countIn(room) })));
    expect(await rows(sql`select 1 from feed_entry`)).toEqual([]);
  });

  test("leaves Jane and Bob some unread messages, and John none in room 1", async () => {
    const unread = await rows<{ room_id: number; username: string; unread: number; mentions: number }>(sql`
      select p.room_id, u.username, s.last_no - p.read_no as unread,
             (select count(*)::int from chat_mention n where n.user_id = p.user_id and n.room_id = p.room_id and n.no > p.read_no) as mentions
      from chat_participant p join chat_user u on u.id = p.user_id join feed_stream s on s.id = 'r' || p.room_id
      where s.last_no > p.read_no order by p.room_id, u.username`);
    expect(unread).toEqual([
      { room_id: 1, username: "bob", unread: 4, mentions: 1 },
      { room_id: 1, username: "jane", unread: 6, mentions: 1 },
      { room_id: 2, username: "john", unread: 2, mentions: 1 },
      { room_id: 4, username: "jane", unread: 2, mentions: 0 },
    ]);
  });

  test("counts nobody's own messages as unread", async () => {
    const own = await rows(sql`
      select 1 from chat_message m join chat_participant p on p.room_id = m.room_id and p.user_id = m.user_id where m.no > p.read_no`);
    expect(own).toEqual([]);
  });

  test("finds the mentions of participants, and of nobody else", async () => {
    const strangers = await rows(sql`
      select 1 from chat_mention n where not exists (
        select 1 from chat_participant p where p.room_id = n.room_id and p.user_id = n.user_id)`);
    expect(strangers).toEqual([]);
    const [last] = await rows<{ content: string }>(sql`
      select m.content from chat_mention n join chat_message m on m.id = n.message_id where n.user_id = 2 and n.room_id = 1 order by n.no desc limit 1`);
    expect(last?.content).toContain("@jane");
  });

  test("sets each room's activity to its last message, and gives groups an owner and direct rooms a pair", async () => {
    const stale = await rows(sql`
      select id from chat_room r where updated_at <> (select max(created_at) from chat_message m where m.room_id = r.id)`);
    expect(stale).toEqual([]);
    const rooms = await rows(sql`select id, type, name, owner_id, direct_pair from chat_room order by id`);
    expect(rooms).toEqual([
      { id: 1, type: "group", name: "Project Discussion", owner_id: 1, direct_pair: null },
      { id: 2, type: "group", name: "Design", owner_id: 2, direct_pair: null },
      { id: 3, type: "group", name: "Releases", owner_id: 3, direct_pair: null },
      { id: 4, type: "direct", name: "", owner_id: null, direct_pair: "1:2" },
      { id: 5, type: "group", name: "Beta notes", owner_id: 5, direct_pair: null },
    ]);
  });

  test("brings files along, pictures with thumbnails, most of them in room 1", async () => {
    const files = await rows<{ room_id: number; type: string; name: string; key: string; content_type: string }>(sql`
      select m.room_id, m.type, a.name, a.key, a.content_type from chat_message m join chat_attachment a on a.id = m.attachment_id order by m.id`);
    expect(files.map((file) => [file.room_id, file.type, file.name, file.content_type])).toEqual([
      [2, "image", "activity-feed.png", "image/png"],
      [1, "image", "sidebar-on-a-phone.png", "image/png"],
      [1, "file", "import-measured.txt", "text/plain"],
      [1, "image", "cake.png", "image/png"],
      [1, "image", "feeds-opened.png", "image/png"],
      [1, "file", "offer-brightwater.pdf", "application/pdf"],
    ]);
    const stored = files.flatMap(({ key, type }) => (type === "image" ? [key, `${key}.thumb.webp`] : [key]));
    expect(await filesIn(world.dataDir)).toEqual(stored.map((key) => `media/${key}`).toSorted());
  });

  test("moves the sequences past what it brought along", async () => {
    const [next] = await rows<{ room: number; message: number }>(
      sql`select nextval('chat_room_id_seq')::int as room, nextval('chat_message_id_seq')::int as message`,
    );
    expect(next).toEqual({ room: 6, message: messages.length + 1 });
  });

  test("leaves a database that has people as it is", async () => {
    await loadDemoData(world, new Date("2026-03-05T10:00:00Z"));
    const [count] = await rows<{ messages: number }>(sql`select count(*)::int as messages from chat_message`);
    expect(count?.messages).toBe(messages.length);
  });
});
