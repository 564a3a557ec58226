import { Input } from "antd";
import { useState } from "react";
import { isPlainEnter } from "../../ui/keys.js";
import { QUICK_EMOJI, toEmoji } from "../emoji/emoji.js";

/** Quick emoji, and a field for any other. */
export function EmojiPicker({ onChoose }: { readonly onChoose: (emoji: string) => void }) {
  const [text, setText] = useState("");
  const emoji = toEmoji(text);
  const isWrong = text.trim() !== "" && emoji === null;
  return (
    <div className="emoji-picker">
      <div className="emoji-grid" role="group" aria-label="Emoji">
        {QUICK_EMOJI.map((each) => (
          <button
            key={each}
            type="button"
            className="emoji-button"
            aria-label={`React with ${each}`}
            onClick={() => onChoose(each)}
          >
            {each}
          </button>
        ))}
      </div>
      <Input
        size="small"
        aria-label="Any other emoji"
        placeholder="Any other emoji, then Enter"
        value={text}
        status={isWrong ? "error" : ""}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (isPlainEnter(event) && emoji) onChoose(emoji);
        }}
      />
      {isWrong && <div className="editor-problem">One emoji, please.</div>}
    </div>
  );
}
