import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import busboy from "busboy";
import { UnreadableBody } from "./errors.js";

/** 10,000 characters take 40,000 bytes at most. */
const MAX_FIELD_BYTES = 64 * 1024;
const MAX_FIELDS = 20;

/** The fields of a form, each as text; the last of a name counts. */
export async function readForm(headers: IncomingHttpHeaders, stream: Readable): Promise<Record<string, string>> {
  const form = parseHead(headers);
  const fields = new Map<string, string>();
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      stream.unpipe(form);
      stream.resume();
      reject(error);
    };
    form.on("field", (name, value, { valueTruncated }) => {
      if (valueTruncated) refuse(new UnreadableBody(`The field ${name} is too long.`, 413));
      fields.set(name, value);
    });
    form.on("file", (name, file) => {
      file.resume();
      refuse(new UnreadableBody(`The field ${name} is a file, and this server takes none.`, 415));
    });
    form.on("fieldsLimit", () => refuse(new UnreadableBody(`A form has at most ${MAX_FIELDS} fields.`, 413)));
    form.on("error", (error) => refuse(broken(error)));
    form.on("close", () => resolve(Object.fromEntries(fields)));
    stream.on("error", (error) => refuse(broken(error)));
    stream.pipe(form);
  });
}

function parseHead(headers: IncomingHttpHeaders): busboy.Busboy {
  try {
    return busboy({ headers, limits: { fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, files: 1 } });
  } catch (error) {
    throw broken(error);
  }
}

function broken(error: unknown): UnreadableBody {
  return new UnreadableBody(`Multipart form parse error - ${error instanceof Error ? error.message : "unreadable"}`);
}
