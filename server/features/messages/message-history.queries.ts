import { badInput } from "../../platform/errors.js";
import type { MaybePromise } from "../../platform/loaders.js";
import type { Scope } from "../../platform/scope.js";
import {
  formatPageCursor,
  parsePage,
  parsePageCursor,
  toConnection,
  type Connection,
  type PageArguments,
} from "../../platform/paging.js";
import { parseId, type Brand } from "../../platform/ids.js";
import type { RoomId } from "../rooms/room.js";
import { requireMessage } from "./message.access.js";
import type { MessageWindow } from "./message.queries.js";
import type { Message } from "./message.js";

/** A message's place in its room: bounded as an id is. */
type MessageNo = Brand<number, "MessageNo">;

/** A room that the viewer was seen to be in, and how its messages are read. */
export interface RoomHistory {
  readonly roomId: RoomId;
  read(window: MessageWindow): MaybePromise<readonly Message[]>;
}

/**
 * A page of a room's history, ascending; the newest when nothing is asked for.
 * @param around the message in the middle of the page
 * @throws DomainError BAD_USER_INPUT for contradicting arguments or a cursor of another list; NOT_FOUND for `around`
 */
export async function historyPage(
  { em, actor }: Scope,
  history: RoomHistory,
  args: PageArguments,
  around: string | undefined,
): Promise<Connection<Message>> {
  const page = parsePage(args, around === undefined ? "end" : "start");
  if (around === undefined) {
    const window = {
      afterNo: parseNo(page.after, "after"),
      beforeNo: parseNo(page.before, "before"),
      limit: page.limit,
    };
    return toConnection(
      await history.read({ ...window, from: page.from === "start" ? "oldest" : "newest" }),
      page,
      cursorOf,
    );
  }
  if (page.after !== undefined || page.before !== undefined || typeof args.last === "number") {
    throw badInput("around", "Use either around or cursors, not both.");
  }
  const middle = await requireMessage(em, actor.id, around);
  if (middle.roomId !== history.roomId) throw badInput("around", "This message is not in the room.");
  const older = Math.floor(page.limit / 2);
  const before = await history.read({ beforeNo: middle.no, limit: older, from: "newest" });
  const from = await history.read({ afterNo: middle.no - 1, limit: page.limit - older, from: "oldest" });
  const nodes = [...before.slice(Math.max(before.length - older, 0)), ...from.slice(0, page.limit - older)];
  const connection = toConnection(nodes, { ...page, limit: nodes.length }, cursorOf);
  const pageInfo = {
    ...connection.pageInfo,
    hasPreviousPage: before.length > older,
    hasNextPage: from.length > page.limit - older,
  };
  return { ...connection, pageInfo };
}

const cursorOf = (message: Message): string => formatPageCursor([message.no]);

function parseNo(cursor: string | undefined, field: string): number | undefined {
  if (cursor === undefined) return undefined;
  const no = parseId<MessageNo>(parsePageCursor(cursor, field, ["number"])[0]);
  return no ?? parseNo("", field);
}
