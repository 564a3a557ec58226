/** What the demo is made of, in the form of the import's lines. A thing stands before its uses. */
export type DemoRecord = UserRecord | ProjectRecord | RoomRecord | MessageRecord;

export interface UserRecord {
  readonly kind: "user";
  readonly id: number;
  readonly username: string;
  readonly display_name: string;
}

export interface ProjectRecord {
  readonly kind: "project";
  readonly id: number;
  readonly name: string;
  readonly members: readonly number[];
}

export interface RoomRecord {
  readonly kind: "room";
  readonly id: number;
  readonly type: "direct" | "group";
  readonly name: string;
  readonly project: number;
  readonly created_by: number;
  readonly participants: readonly ParticipantRecord[];
}

/** Times are ISO-8601 in UTC. */
export interface ParticipantRecord {
  readonly user: number;
  readonly joined_at: string;
  readonly last_read_at: string;
}

export interface MessageRecord {
  readonly kind: "message";
  readonly id: number;
  readonly room: number;
  readonly user: number;
  readonly content: string;
  readonly attachment: string | null;
  readonly created_at: string;
  readonly edited_at: string | null;
  readonly reactions: readonly ReactionRecord[];
}

export interface ReactionRecord {
  readonly user: number;
  readonly emoji: string;
  readonly created_at: string;
}
