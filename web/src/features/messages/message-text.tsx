import { memo, useState } from "react";
import { splitLinks } from "./autolink.js";

/** Longer messages are folded, so that one can't push all others off the screen. */
const LINES_SHOWN = 24;
const CHARACTERS_SHOWN = 2_400;

function isLong(text: string): boolean {
  return text.length > CHARACTERS_SHOWN || text.split("\n").length > LINES_SHOWN;
}

/** A message's text, as text: line breaks as typed, web addresses as links. */
export const MessageText = memo(function MessageText({ text }: { readonly text: string }) {
  const [isOpen, setOpen] = useState(false);
  const isFolded = isLong(text) && !isOpen;
  return (
    <>
      <span className="text" data-folded={isFolded || undefined}>
        {splitLinks(text).map((part, index) =>
          part.kind === "link" ? (
            // The parts of one text never change places: their index is their identity.
            <a key={index} href={part.text} target="_blank" rel="noopener noreferrer nofollow">
              {part.text}
            </a>
          ) : (
            part.text
          ),
        )}
      </span>
      {isLong(text) && (
        <button type="button" className="text-toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Show less" : "Show all"}
        </button>
      )}
    </>
  );
});
