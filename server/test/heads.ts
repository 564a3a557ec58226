import { connect } from "node:net";

/** What came first of an answer: its first line and headers. */
export interface Head {
  readonly status: number;
  header(name: string): string | undefined;
}

/**
 * Sends these lines as they are, whatever a library would think of them, and reads the head of the answer. Characters are
 * sent as bytes of UTF-8.
 */
export function headOf(url: string, lines: readonly string[], body = ""): Promise<Head> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ""));
    let come = "";
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`The server hung up: ${come}`)));
    socket.on("data", (data: Buffer) => {
      come += data.toString();
      const end = come.indexOf("\r\n\r\n");
      if (end < 0) return;
      resolve(parseHead(come.slice(0, end)));
      socket.destroy();
    });
    socket.write(`${[...lines, "", ""].join("\r\n")}${body}`);
  });
}

function parseHead(text: string): Head {
  const [first = "", ...lines] = text.split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(first.split(" ")[1]), header: (name) => headers.get(name) };
}
