import { z } from "zod";
import { signToken } from "../platform/tokens.js";
import type { Cluster } from "./cluster.js";

/** Who there is, and which rooms they are in. People are numbers, which are their ids everywhere. */
export interface World {
  readonly rooms: readonly number[];
  /** One GraphQL operation of a person's, at the first node; its data. Throws when it is refused. */
  ask(user: number, document: string, variables: object): Promise<unknown>;
}

export interface Population {
  readonly people: number;
  /** The people of each room. The first one creates it. */
  readonly rooms: readonly (readonly number[])[];
}

const PROJECT = "1";
const HOUR_MS = 3_600_000;

/** Puts people, a project and rooms into an empty cluster, as a host product and its people would. */
export async function populate(cluster: Cluster, { people, rooms }: Population): Promise<World> {
  const ids = Array.from({ length: people }, (_, index) => index + 1);
  await put(
    cluster,
    "users",
    ids.map((id) => ({ id, username: `user${id}`, display_name: `User ${id}` })),
  );
  await put(cluster, "projects", [{ id: PROJECT, name: "Chaos", member_ids: ids }]);
  const ask: World["ask"] = (user, query, variables) => askAs(cluster, user, { query, variables });
  const created: number[] = [];
  for (const [index, [creator = 1, ...others]] of rooms.entries()) {
    const input = { projectId: PROJECT, type: "GROUP", name: `Room ${index + 1}`, participantIds: others.map(String) };
    const data = await ask(creator, CREATE, { input });
    created.push(createdRoom.parse(data).createChatRoom.room.id);
  }
  return { rooms: created, ask };
}

const CREATE = `mutation ($input: CreateChatRoomInput!) { createChatRoom(input: $input) { room { id } } }`;
const createdRoom = z.object({ createChatRoom: z.object({ room: z.object({ id: z.coerce.number() }) }) });

async function put(cluster: Cluster, what: "users" | "projects", rows: readonly object[]): Promise<void> {
  await post(`${urlOf(cluster)}/api/chat/admin/${what}/`, "PUT", { token: cluster.serviceToken, body: rows });
}

/** A token of a person's, as the host product signs it. */
export async function tokenOf({ secret }: Pick<Cluster, "secret">, user: number, ttlMs = HOUR_MS): Promise<string> {
  return signToken({ secret, hostId: String(user), username: `user${user}`, displayName: `User ${user}`, ttlMs });
}

async function askAs(cluster: Cluster, user: number, body: object): Promise<unknown> {
  const token = await tokenOf(cluster, user);
  const answer = z
    .object({ data: z.unknown(), errors: z.unknown().optional() })
    .parse(await post(`${urlOf(cluster)}/graphql`, "POST", { token, body }));
  if (answer.errors !== undefined) throw new Error(`Refused: ${JSON.stringify(answer.errors)}`);
  return answer.data;
}

function urlOf({ nodes: [first] }: Cluster): string {
  if (first === undefined) throw new Error("There is no node.");
  return first.url;
}

interface Body {
  readonly token: string;
  readonly body: unknown;
}

async function post(url: string, method: string, { token, body }: Body): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
