import { i18n } from "@lingui/core";
import { Suspense } from "react";
import { useStore } from "../../lib/store.js";
import { QUICK_EMOJI, toEmoji } from "./emoji.js";
import { recentEmoji } from "./recent-emoji.js";
import { lazyPart } from "../../ui/lazy-part.js";

const AllEmoji = lazyPart(() => import("./all-emoji.js").then((module) => module.AllEmoji));

interface RowProps {
  readonly label: string;
  readonly emoji: readonly string[];
  readonly onChoose: (emoji: string) => void;
}

function EmojiRow({ label, emoji, onChoose }: RowProps) {
  return (
    <div className="emoji-row" role="group" aria-label={label}>
      {emoji.map((each) => (
        <button key={each} type="button" className="emoji-button" aria-label={each} onClick={() => onChoose(each)}>
          {each}
        </button>
      ))}
    </div>
  );
}

/** A few emoji for most occasions, those that one used last, and all others by search. */
export function EmojiPicker({ onChoose }: { readonly onChoose: (emoji: string) => void }) {
  const recent = useStore(recentEmoji.list);
  const choose = (chosen: string): void => {
    const emoji = toEmoji(chosen);
    if (emoji === null) return;
    recentEmoji.remember(emoji);
    onChoose(emoji);
  };
  return (
    <div className="emoji-picker">
      <EmojiRow label={i18n.t("Quick emoji")} emoji={QUICK_EMOJI} onChoose={choose} />
      {recent.length > 0 && (
        <>
          <div className="emoji-category">{i18n.t("Recently used")}</div>
          <EmojiRow label={i18n.t("Recently used")} emoji={recent} onChoose={choose} />
        </>
      )}
      <Suspense fallback={<div className="all-emoji" />}>
        <AllEmoji onChoose={choose} />
      </Suspense>
    </div>
  );
}
