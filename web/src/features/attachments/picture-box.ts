/** The room that a picture gets in the feed, at most. */
const MAX_WIDTH = 360;
const MAX_HEIGHT = 300;
/** The thinnest line of a picture can still be pointed at. */
const MIN_SIDE = 40;

/** What a picture occupies before it has come, in CSS pixels. */
export interface PictureBox {
  readonly width: number;
  readonly height: number;
}

/**
 * The box of a picture by its own size: shrunk to fit, never enlarged, so that nothing moves once it is there.
 * @param maxWidth what a narrow window leaves for it
 */
export function pictureBox(width: number, height: number, maxWidth = MAX_WIDTH): PictureBox {
  const scale = Math.min(1, Math.min(MAX_WIDTH, maxWidth) / width, MAX_HEIGHT / height);
  return {
    width: Math.max(MIN_SIDE, Math.round(width * scale)),
    height: Math.max(MIN_SIDE, Math.round(height * scale)),
  };
}
