import { i18n } from "@lingui/core";
import { memo, useState } from "react";
import { usePartTabIndex } from "../../ui/row-parts.js";
import { Markdown, type RenderText } from "./markdown/markdown.js";

/** Longer messages are folded, so that one can't push all others off the screen. */
const LINES_SHOWN = 24;
const CHARACTERS_SHOWN = 2_400;

function isLong(text: string): boolean {
  return text.length > CHARACTERS_SHOWN || text.split("\n").length > LINES_SHOWN;
}

const asTyped: RenderText = (text) => text;

interface MessageTextProps {
  readonly text: string;
  readonly renderText?: RenderText;
}

/** A message's text: Markdown, with line breaks as typed. */
export const MessageText = memo(function MessageText({ text, renderText = asTyped }: MessageTextProps) {
  const [isOpen, setOpen] = useState(false);
  const tabIndex = usePartTabIndex();
  const isFolded = isLong(text) && !isOpen;
  return (
    <>
      <div className="text" data-folded={isFolded || undefined}>
        <Markdown content={text} renderText={renderText} />
      </div>
      {isLong(text) && (
        <button
          type="button"
          className="text-toggle"
          tabIndex={tabIndex}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? i18n.t("Show less") : i18n.t("Show all")}
        </button>
      )}
    </>
  );
});
