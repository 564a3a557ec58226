import { i18n } from "@lingui/core";
import type { OutboxFile } from "../../lib/outbox-entry.js";

/** The name that browsers give to every picture that is pasted. */
const PASTED_NAME = "image.png";

function nameOf({ name, lastModified }: File): string {
  if (name !== PASTED_NAME) return name;
  const [day, time = ""] = new Date(lastModified).toISOString().split("T");
  const when = `${day} ${time.slice(0, 8).replaceAll(":", "-")}`;
  return `${i18n.t("pasted {when}", { when })}.png`;
}

/** How large a picture is shown; null when it is none, or one that this browser can't show. */
async function pictureSize(blob: Blob): Promise<{ readonly width: number; readonly height: number } | null> {
  if (!blob.type.startsWith("image/")) return null;
  const url = URL.createObjectURL(blob);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return { width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Reads a chosen file whole, so that it can be sent whatever becomes of the original.
 * @throws when it can't be read: a folder, or one that is gone
 */
export async function readFile(file: File): Promise<OutboxFile> {
  const blob = new Blob([await file.arrayBuffer()], { type: file.type });
  const size = await pictureSize(blob);
  const { width, height } = size ?? { width: null, height: null };
  return { name: nameOf(file), contentType: file.type, blob, width, height };
}
