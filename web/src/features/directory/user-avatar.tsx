import { memo } from "react";

/** Dark enough for white letters (contrast 4.5 and more). */
const COLOURS = ["#3b5bdb", "#1f7a4d", "#9c36b5", "#b4490b", "#0b7285", "#c2255c", "#5f3dc4", "#846100"] as const;

function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toUpperCase() || "?";
}

function colourOf(id: string): string {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return COLOURS[sum % COLOURS.length] ?? COLOURS[0];
}

export interface UserAvatarProps {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly shape?: "circle" | "square";
}

/** Initials in a colour that stays the same for a person. Decoration: the name always stands beside it. */
export const UserAvatar = memo(function UserAvatar({ id, name, size, shape = "circle" }: UserAvatarProps) {
  const style = { width: size, height: size, fontSize: size * 0.4, backgroundColor: colourOf(id) };
  return (
    <span aria-hidden className="avatar" data-shape={shape} style={style}>
      {initials(name)}
    </span>
  );
});
