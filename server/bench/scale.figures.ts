/**
 * What `docs/scale.md` is calculated from. All figures that are measured or assumed stand here and nowhere else: the tables of the
 * page are printed from them by `npm run bench -- scale`, and a test holds the page to them.
 */

interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly what: string;
  /** Where it was measured. */
  readonly by: string;
}

/** Microseconds are those of one core of the machine that the page names. */
export const measured = {
  send: {
    value: 964,
    unit: "us",
    what: "node, **send**: check it, have it stored, tell Redis",
    by: "`nodes`, sends, 1 node with Redis",
  },
  frame: {
    value: 1950,
    unit: "us",
    what: "node, **frame**: hear an event, make what is written",
    by: "`nodes`, rooms of 10: (2 nodes - 1 node with Redis) x 10",
  },
  deliver: {
    value: 22.7,
    unit: "us",
    what: "node, **deliver**: write it to one person more",
    by: "`nodes`, 1 node with Redis: (100 x us of 100 in a room - 10 x us of rooms of 10) / 90",
  },
  come: {
    value: 3133,
    unit: "us",
    what: "node, **come**: somebody connects and follows",
    by: "`nodes`, people come, 1 node with Redis",
  },
  hear: {
    value: 3193,
    unit: "us",
    what: "each other node, **hear**: that somebody came",
    by: "`nodes`, people come: 2 nodes - 1 node with Redis",
  },
  idle: {
    value: 31.3,
    unit: "us/s",
    what: "node, **idle**: one person to whom nothing happens",
    by: "`nodes`, nothing happening, 1 node with Redis, / 1,000",
  },
  page: { value: 2433, unit: "us", what: "node, **page** of history", by: "`growth`, newest page, 1,000,000" },
  list: { value: 13691, unit: "us", what: "node, **list** of 20 rooms", by: "`growth`, list, read, 1,000,000" },
  look: {
    value: 1.99,
    unit: "us",
    what: "node, **look** into the log, for each event in 12.75 s",
    by: "`growth`, looks: (1,000/s - 0/s) / 12,000",
  },
  memory: { value: 162, unit: "KB", what: "node, **connection**, resident memory", by: "`idle`" },
  dbSend: { value: 1412, unit: "us", what: "PostgreSQL, **send**", by: "`nodes`, sends, 1 node with Redis" },
  dbCome: {
    value: 1766,
    unit: "us",
    what: "PostgreSQL, **come**: somebody connects and follows",
    by: "`nodes`, people come, 1 node with Redis",
  },
  dbHear: {
    value: 957,
    unit: "us",
    what: "PostgreSQL, **hear**: each other node hears of them",
    by: "`nodes`, people come: 2 nodes - 1 node with Redis",
  },
  dbPage: { value: 1538, unit: "us", what: "PostgreSQL, **page** of history", by: "`growth`, newest page, 1,000,000" },
  dbList: { value: 6207, unit: "us", what: "PostgreSQL, **list** of 20 rooms", by: "`growth`, list, read, 1,000,000" },
  dbLook: {
    value: 4.44,
    unit: "us",
    what: "PostgreSQL, **look** of a node, for each event in 12.75 s",
    by: "`growth`, looks: (1,000/s - 0/s) / 12,000",
  },
  redisSend: {
    value: 239,
    unit: "us",
    what: "Redis, **send**: count it, pass it to one node",
    by: "`nodes`, rooms of 10, 1 node with Redis",
  },
  redisNode: {
    value: 43,
    unit: "us",
    what: "Redis, **node**: pass it to one node more",
    by: "`nodes`, rooms of 10: 2 nodes - 1 node with Redis",
  },
  redisCome: {
    value: 247,
    unit: "us",
    what: "Redis, **come**: somebody connects and follows",
    by: "`nodes`, people come, 1 node with Redis",
  },
  topicBytes: {
    value: 234,
    unit: "bytes",
    what: "Redis, **stream** that one node listens to",
    by: "`nodes`, memory of Redis",
  },
  listenerBytes: {
    value: 144,
    unit: "bytes",
    what: "Redis, **further node** that does",
    by: "`nodes`, memory of Redis",
  },
  leaseBytes: { value: 80, unit: "bytes", what: "Redis, **there**: that somebody is", by: "`nodes`, memory of Redis" },
} as const satisfies Readonly<Record<string, Figure>>;

export const assumed = {
  users: { value: 1_000_000, what: "people connected at once" },
  rooms: { value: 100_000, what: "rooms" },
  roomsEach: { value: 5, what: "rooms that one person is in, so that 50 are in a room, all of them connected" },
  messagesADay: { value: 20, what: "messages that one person sends a day" },
  busiestHour: { value: 0.15, what: "of a day's messages are sent in its busiest hour" },
  peak: { value: 2, what: "times that hour's mean in its busiest minutes" },
  activeRooms: { value: 0.2, what: "of the rooms have all of that hour's messages" },
  comesAnHour: { value: 1, what: "times an hour one person comes, and goes, in the morning" },
  pagesAnHour: { value: 10, what: "pages of history that one person opens an hour" },
  connectionsANode: { value: 25_000, what: "connections that one node may hold" },
  busy: { value: 0.6, what: "of a core that one node may use, at the peak" },
  messageBytes: {
    value: 1000,
    what: "bytes that a message takes in PostgreSQL with its indexes, for ever: not measured yet",
  },
  entryBytes: { value: 700, what: "bytes that its entry in the log takes, for 30 days: not measured yet" },
  cells: { value: 20, what: "installations that projects are divided among" },
} as const;

export const measure = (name: keyof typeof measured): number => measured[name].value;
export const assume = (name: keyof typeof assumed): number => assumed[name].value;
