import { i18n, type MessageId } from "@lingui/core";
import { EmojiPicker, type SkinTone } from "frimousse";
import type { AriaAttributes } from "react";
import { env } from "../../lib/env.js";
import { NARROW, useMediaQuery } from "../../ui/use-media-query.js";
import { useEmojiData } from "./use-emoji-data.js";

const COLUMNS = 8;
const TONE_KEY = "parley.emoji.tone";
const TONES: Readonly<Record<SkinTone, MessageId>> = {
  none: /*i18n*/ "default",
  light: /*i18n*/ "light",
  "medium-light": /*i18n*/ "medium-light",
  medium: /*i18n*/ "medium",
  "medium-dark": /*i18n*/ "medium-dark",
  dark: /*i18n*/ "dark",
};

function isTone(value: string | null): value is SkinTone {
  return value !== null && value in TONES;
}

function savedTone(): SkinTone {
  const saved = window.localStorage.getItem(TONE_KEY);
  return isTone(saved) ? saved : "none";
}

/** The languages that the build has data for. */
function locale(): "de" | "en" {
  return i18n.locale === "de" ? "de" : "en";
}

/** Goes through the skin tones; the one that is chosen stays so in this browser. */
function ToneButton() {
  return (
    <EmojiPicker.SkinTone emoji="✋">
      {({ skinTone, setSkinTone, skinToneVariations }) => {
        const at = skinToneVariations.findIndex((variation) => variation.skinTone === skinTone);
        const next = skinToneVariations[(at + 1) % skinToneVariations.length]?.skinTone ?? "none";
        const words = i18n.t("Skin tone: {tone}", { tone: i18n.t(TONES[skinTone]) });
        const choose = (): void => {
          setSkinTone(next);
          window.localStorage.setItem(TONE_KEY, next);
        };
        return (
          <button type="button" className="emoji-button" aria-label={words} title={words} onClick={choose}>
            {skinToneVariations[at]?.emoji}
          </button>
        );
      }}
    </EmojiPicker.SkinTone>
  );
}

function ActiveEmoji() {
  return (
    <EmojiPicker.ActiveEmoji>
      {({ emoji }) => (
        <span className="meta ellipsis">{emoji ? `${emoji.emoji} ${emoji.label}` : i18n.t("Pick an emoji")}</span>
      )}
    </EmojiPicker.ActiveEmoji>
  );
}

/** The library counts rows and columns from 0, ARIA from 1. */
function countFromOne<Props extends AriaAttributes>(props: Props): Props {
  const { "aria-rowindex": row, "aria-colindex": column } = props;
  return {
    ...props,
    ...(row !== undefined && { "aria-rowindex": row + 1 }),
    ...(column !== undefined && { "aria-colindex": column + 1 }),
  };
}

/** All emoji that the server takes, with search; its data comes from our own server. */
export function AllEmoji({ onChoose }: { readonly onChoose: (emoji: string) => void }) {
  const isNarrow = useMediaQuery(NARROW);
  const { resolve, isFailing } = useEmojiData();
  return (
    <EmojiPicker.Root
      className="all-emoji"
      columns={COLUMNS}
      emojibaseUrl={env.emojibaseUrl}
      resolveEmojiData={resolve}
      locale={locale()}
      skinTone={savedTone()}
      onEmojiSelect={({ emoji }) => onChoose(emoji)}
    >
      {/* On a phone the focus brings up the keyboard, which nobody asked for. */}
      <EmojiPicker.Search
        className="emoji-search"
        aria-label={i18n.t("Search emoji")}
        placeholder={i18n.t("Search")}
        autoFocus={!isNarrow}
      />
      <EmojiPicker.Viewport className="emoji-viewport">
        <EmojiPicker.Loading className="emoji-state" role="status">
          {isFailing ? i18n.t("No connection to the server. The emoji come when it is back.") : i18n.t("Loading …")}
        </EmojiPicker.Loading>
        <EmojiPicker.Empty className="emoji-state">
          {({ search }) => i18n.t("No emoji for “{search}”", { search })}
        </EmojiPicker.Empty>
        <EmojiPicker.List
          components={{
            CategoryHeader: ({ category, ...props }) => (
              <div {...props} className="emoji-category">
                {category.label}
              </div>
            ),
            Row: (props) => <div {...countFromOne(props)} />,
            Emoji: ({ emoji, ...props }) => (
              <button
                {...countFromOne(props)}
                type="button"
                className="emoji-button"
                data-active={emoji.isActive || undefined}
              >
                {emoji.emoji}
              </button>
            ),
          }}
        />
      </EmojiPicker.Viewport>
      <div className="emoji-foot">
        <ActiveEmoji />
        <ToneButton />
      </div>
    </EmojiPicker.Root>
  );
}
