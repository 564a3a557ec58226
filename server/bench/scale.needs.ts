import { assume, measure } from "./scale.figures.js";

const LOOK_EVERY_S = 0.75;
const LOOK_BACK_S = 12.75;
const HOUR_S = 3_600;
const MIB = 1_024 ** 2;
const GIB = 1_024 ** 3;
const MOST_NODES = 1_000;

/** One line of a calculation: how it comes about, and what comes out. */
export interface Line {
  readonly what: string;
  readonly how: string;
  readonly value: number;
}

/** What an installation needs. Cores are those that are busy at the peak. */
export interface Needs {
  readonly nodes: number;
  /** Whether that many are enough. */
  readonly isEnough: boolean;
  readonly rates: readonly Line[];
  readonly nodeCores: readonly Line[];
  readonly databaseCores: readonly Line[];
  readonly redisCores: readonly Line[];
  readonly room: readonly Line[];
}

/** How often things happen a second, in an installation of so many people and nodes. */
interface Rates {
  readonly users: number;
  readonly nodes: number;
  readonly people: number;
  readonly messages: number;
  readonly met: number;
  readonly comes: number;
  readonly changes: number;
  readonly presence: number;
  readonly pages: number;
  readonly looks: number;
  readonly seen: number;
}

export const total = (lines: readonly Line[]): number => lines.reduce((sum, { value }) => sum + value, 0);

/** What an installation of so many people needs, with as few nodes as are enough, and two at least. */
export function needsOf(users: number): Needs {
  const fewest = Math.max(2, Math.ceil(users / assume("connectionsANode")));
  for (let nodes = fewest; nodes <= MOST_NODES; nodes += 1) {
    const needs = calculate(users, nodes);
    if (total(needs.nodeCores) / nodes <= assume("busy")) return needs;
  }
  return { ...calculate(users, fewest), isEnough: false };
}

function calculate(users: number, nodes: number): Needs {
  const rates = ratesOf(users, nodes);
  return {
    nodes,
    isEnough: true,
    rates: describe(rates),
    nodeCores: nodeCores(rates),
    databaseCores: databaseCores(rates),
    redisCores: redisCores(rates),
    room: room(rates),
  };
}

function ratesOf(users: number, nodes: number): Rates {
  const people = (assume("users") * assume("roomsEach")) / assume("rooms");
  const messages = ((users * assume("messagesADay") * assume("busiestHour")) / HOUR_S) * assume("peak");
  const comes = (users * assume("comesAnHour")) / HOUR_S;
  return {
    users,
    nodes,
    people,
    messages,
    met: nodes * (1 - (1 - 1 / nodes) ** people),
    comes,
    changes: 2 * comes,
    presence: 2 * comes * assume("roomsEach") * people,
    pages: (users * assume("pagesAnHour")) / HOUR_S,
    looks: nodes / LOOK_EVERY_S,
    seen: messages * LOOK_BACK_S,
  };
}

function describe({ users, people, messages, changes, presence, met }: Rates): readonly Line[] {
  const rooms = (users * assume("roomsEach")) / people;
  return [
    { what: "messages a second", how: "people x a day x hour / 3,600 x peak", value: messages },
    {
      what: "messages a minute in a room that is active",
      how: "messages x 60 / (rooms x active)",
      value: (messages * 60) / (rooms * assume("activeRooms")),
    },
    { what: "deliveries of messages a second", how: "messages x people in a room", value: messages * people },
    { what: "people who come or go a second", how: "2 x people x an hour / 3,600", value: changes },
    { what: "deliveries of presence a second", how: "changes x rooms of one x people in a room", value: presence },
    { what: "nodes that a room has people on", how: "nodes x (1 - (1 - 1 / nodes) ^ people in a room)", value: met },
  ];
}

const cores = (what: string, how: string, micros: number): Line => ({ what, how, value: micros / 1e6 });

function nodeCores(rates: Rates): readonly Line[] {
  const { users, nodes, messages, people, met, comes, changes, presence, pages, looks, seen } = rates;
  return [
    cores("sends", "messages x send", messages * measure("send")),
    cores("frames", "messages x nodes of a room x frame", messages * met * measure("frame")),
    cores("deliveries", "messages x people in a room x deliver", messages * people * measure("deliver")),
    cores("coming", "comes x (come + list)", comes * (measure("come") + measure("list"))),
    cores("hearing who comes and goes", "changes x (nodes - 1) x hear", changes * (nodes - 1) * measure("hear")),
    cores("telling it", "deliveries of presence x deliver", presence * measure("deliver")),
    cores("pages", "pages x page", pages * measure("page")),
    cores("being there", "people x idle", users * measure("idle")),
    cores("looks", "nodes / 0.75 s x messages in 12.75 s x look", looks * seen * measure("look")),
  ];
}

function databaseCores({ nodes, messages, comes, changes, pages, looks, seen }: Rates): readonly Line[] {
  return [
    cores("sends", "messages x send", messages * measure("dbSend")),
    cores("coming", "comes x (come + list)", comes * (measure("dbCome") + measure("dbList"))),
    cores("hearing who comes and goes", "changes x (nodes - 1) x hear", changes * (nodes - 1) * measure("dbHear")),
    cores("pages", "pages x page", pages * measure("dbPage")),
    cores("looks", "nodes / 0.75 s x messages in 12.75 s x look", looks * seen * measure("dbLook")),
  ];
}

function redisCores({ nodes, messages, met, changes }: Rates): readonly Line[] {
  const send = measure("redisSend") + (met - 1) * measure("redisNode");
  const come = measure("redisCome") + (nodes - 1) * measure("redisNode");
  return [
    cores("messages", "messages x (send + (nodes of a room - 1) x node)", messages * send),
    cores("coming and going", "changes x (come + (nodes - 1) x node)", changes * come),
  ];
}

function room({ users, nodes, people, met }: Rates): readonly Line[] {
  const messages = users * assume("messagesADay");
  const rooms = (users * assume("roomsEach")) / people;
  const redis =
    (users + rooms) * measure("topicBytes") +
    (met - 1) * rooms * measure("listenerBytes") +
    2 * users * measure("leaseBytes");
  const memory = (users / nodes) * measure("memory") * 1_024;
  return [
    { what: "memory of a node, GiB", how: "people / nodes x connection", value: memory / GIB },
    {
      what: "PostgreSQL: messages, GiB a day",
      how: "people x a day x message",
      value: (messages * assume("messageBytes")) / GIB,
    },
    {
      what: "PostgreSQL: the log, GiB",
      how: "people x a day x 30 x entry",
      value: (messages * 30 * assume("entryBytes")) / GIB,
    },
    {
      what: "memory of Redis, MiB",
      how: "(people + rooms) x stream + rooms x (nodes of a room - 1) x further node + 2 x people x there",
      value: redis / MIB,
    },
  ];
}
