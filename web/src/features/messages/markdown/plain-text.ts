import type { Block, Inline } from "./blocks.js";
import { parseMarkdown } from "./parse-markdown.js";

function textOf(part: Inline): string {
  return "text" in part ? part.text : part.children.map(textOf).join("");
}

function linesOf(block: Block): string {
  switch (block.kind) {
    case "flow":
      return block.children.map(textOf).join("");
    case "code":
      return block.text;
    case "quote":
      return block.blocks.map(linesOf).join("\n");
    case "list":
      return block.items
        .map(({ number, blocks }) => `${number === null ? "•" : `${number}.`} ${blocks.map(linesOf).join("\n")}`)
        .join("\n");
  }
}

/** A message without its marks, for where there is one line for it or it is read aloud. */
export function toPlainText(content: string): string {
  return parseMarkdown(content).map(linesOf).join("\n").trim();
}
