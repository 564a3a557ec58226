import { i18n } from "@lingui/core";
import { CaretRightOutlined, PauseOutlined } from "@ant-design/icons";
import { usePartTabIndex } from "../../ui/row-parts.js";
import type { Animation } from "./use-animation.js";

/** Over anything smaller it would hide what it plays, which still opens large. */
const PLAYABLE_FROM_PX = { width: 96, height: 64 };

interface PlayButtonProps {
  readonly name: string;
  readonly box: { readonly width: number; readonly height: number };
  readonly animation: Animation;
}

/** Lets a picture that moves do so for as long as one likes; nothing for one that does not, or is too small. */
export function PlayButton({ name, box, animation: { canMove, isAskedFor, toggle } }: PlayButtonProps) {
  const tabIndex = usePartTabIndex();
  if (!canMove || box.width < PLAYABLE_FROM_PX.width || box.height < PLAYABLE_FROM_PX.height) return null;
  return (
    <button
      type="button"
      className="play-button"
      tabIndex={tabIndex}
      aria-label={i18n.t("Play {name}", { name })}
      aria-pressed={isAskedFor}
      title={isAskedFor ? i18n.t("Stop") : i18n.t("Play")}
      onClick={toggle}
    >
      {isAskedFor ? <PauseOutlined /> : <CaretRightOutlined />}
    </button>
  );
}
