import { cursors } from "./cursors.entry.js";
import type { Entry } from "./entry.js";
import { graphqlSocket } from "./graphql-socket.entry.js";
import { graphql } from "./graphql.entry.js";
import { hostile } from "./hostile.entry.js";
import { multipart } from "./multipart.entry.js";
import { rawSocket } from "./raw-socket.entry.js";
import { rest } from "./rest.entry.js";
import { tokens } from "./tokens.entry.js";
import { uploads } from "./uploads.entry.js";

/** An entry, and how much is sent by it: in `npm run fuzz` unless told otherwise, and in a test. */
interface Share {
  readonly entry: Entry;
  readonly inputs: number;
  readonly inTest: number;
}

const MANY = 5_000;
const ABORTS = 1_000;
const HOSTILE = 200;

/** Every way into the server. */
export const shares: readonly Share[] = [
  ...[graphql, graphqlSocket, rest, rawSocket, multipart, cursors, tokens].map((entry) => ({
    entry,
    inputs: MANY,
    inTest: 60,
  })),
  { entry: uploads, inputs: ABORTS, inTest: 50 },
  // Its test counts what they cost, instead of measuring it.
  { entry: hostile, inputs: HOSTILE, inTest: 0 },
];
