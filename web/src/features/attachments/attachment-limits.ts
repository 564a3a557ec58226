import { i18n } from "@lingui/core";
import { env } from "../../lib/env.js";
import { formatSize } from "./attachment-words.js";

/** What the server takes. It looks at the content too; this is to say early what can be said early. */
export const ALLOWED_EXTENSIONS = ["jpg", "jpeg", "png", "gif", "webp", "pdf", "doc", "docx", "txt"] as const;
/** Each is a message of its own: more at once would bury the room, and the server's limit for uploads would stop them. */
export const FILES_AT_ONCE = 10;

/** The same for the browser's file dialog. */
export const ACCEPT = ALLOWED_EXTENSIONS.map((extension) => `.${extension}`).join(",");

/** A limit is mostly a round number: `10 MB`, not `10.0 MB`. */
function formatLimit(maxBytes: number): string {
  return formatSize(maxBytes).replace(/[.,]0 /u, " ");
}

/** Why a file can't be sent, in words that say what could; null when nothing speaks against it. */
export function fileProblem({ name, size }: Pick<File, "name" | "size">, maxBytes = env.uploadMaxBytes): string | null {
  const extension = name.includes(".") ? name.split(".").at(-1)?.toLowerCase() : "";
  if (!ALLOWED_EXTENSIONS.some((allowed) => allowed === extension)) {
    return i18n.t("“{name}” can’t be sent: files of this type are not accepted. Allowed are {types}.", {
      name,
      types: ALLOWED_EXTENSIONS.join(", "),
    });
  }
  if (size === 0) return i18n.t("“{name}” can’t be sent: the file is empty.", { name });
  if (size <= maxBytes) return null;
  return i18n.t("“{name}” can’t be sent: it has {size}, and a file can have at most {limit}.", {
    name,
    size: formatSize(size),
    limit: formatLimit(maxBytes),
  });
}
