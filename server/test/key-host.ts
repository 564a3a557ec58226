import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from "jose";

/** One of the host product's keys. */
export interface SigningKey {
  readonly alg: string;
  /** What is published of it. */
  readonly jwk: JWK;
  readonly privateKey: CryptoKey;
  /** A token signed with it. The header may be made to lie. */
  sign(claims: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** A new key pair; without a `kid` neither the key nor its tokens have an id. */
export async function makeKey(alg: string, kid?: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const id = kid === undefined ? {} : { kid };
  return {
    alg,
    jwk: { ...(await exportJWK(publicKey)), ...id, alg, use: "sig" },
    privateKey,
    sign: (claims, header = {}) => new SignJWT(claims).setProtectedHeader({ alg, ...id, ...header }).sign(privateKey),
  };
}

export interface KeyHostAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A host product that publishes its keys, at an address of its own. */
export interface KeyHost {
  readonly url: string;
  /** How often it was asked. */
  readonly asked: number;
  publish(...keys: readonly (SigningKey | JWK)[]): void;
  /** Answers with something else from now on. */
  answer(answer: KeyHostAnswer): void;
  /** Breaks every connection from now on, those that are there and those that come. */
  fall(): void;
  /** Takes requests and answers none. */
  hang(): void;
  close(): Promise<void>;
}

export async function startKeyHost(port = 0): Promise<KeyHost> {
  const sockets = new Set<Socket>();
  let respond = (response: ServerResponse): void => write(response, { body: '{"keys":[]}' });
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    respond(response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The key host has no port.");
  const answer: KeyHost["answer"] = (what) => {
    respond = (response) => write(response, what);
  };
  return {
    url: `http://127.0.0.1:${address.port}/jwks.json`,
    get asked() {
      return asked;
    },
    publish: (...keys) => answer({ body: JSON.stringify({ keys: keys.map((key) => ("jwk" in key ? key.jwk : key)) }) }),
    answer,
    fall() {
      respond = (response) => response.destroy();
      for (const socket of sockets) socket.destroy();
    },
    hang() {
      respond = () => {};
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function write(response: ServerResponse, { status = 200, headers, body = "" }: KeyHostAnswer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
}
