import sharp from "sharp";
import { DomainError } from "../../platform/errors.js";
import { Slots } from "../../platform/slots.js";
import { notAsNamed, type ArrivedFile } from "./attachment.content.js";
import { MAX_PIXELS, THUMBNAIL_PIXELS } from "./attachment.js";

// A picture is decoded by one thread, and nothing is kept: what it takes is given back with it.
sharp.cache(false);
sharp.concurrency(1);
/** One of the largest takes some hundreds of megabytes: this many at once, whatever comes in; the others wait. */
export const DECODED_AT_ONCE = 2;
const decoding = new Slots(DECODED_AT_ONCE);

const QUALITY = 80;

export interface Picture {
  /** As it is shown: turned as its camera was held. */
  readonly width: number;
  readonly height: number;
  /** The size of the thumbnail's file, in bytes. */
  readonly thumbnailSize: number;
}

/**
 * Decodes a picture and writes its thumbnail: WebP, upright, the first frame of an animation, and without anything that
 * a camera writes into its pictures.
 * @throws DomainError UNSUPPORTED_MEDIA_TYPE for a broken picture, PAYLOAD_TOO_LARGE for one with too many pixels
 */
export function makeThumbnail(file: ArrivedFile, thumbnailPath: string): Promise<Picture> {
  return decoding.run(() => decode(file, thumbnailPath));
}

async function decode(file: ArrivedFile, thumbnailPath: string): Promise<Picture> {
  const picture = sharp(file.path, {
    limitInputPixels: false,
    failOn: "error",
    sequentialRead: true,
    autoOrient: true,
  });
  const { autoOrient } = await picture.metadata().catch(() => {
    throw notAsNamed(file);
  });
  const { width, height } = autoOrient;
  if (width * height > MAX_PIXELS) throw tooManyPixels();
  const { size } = await picture
    .resize({ width: THUMBNAIL_PIXELS, height: THUMBNAIL_PIXELS, fit: "inside", withoutEnlargement: true })
    .webp({ quality: QUALITY })
    .toFile(thumbnailPath)
    .catch(() => {
      throw notAsNamed(file);
    });
  return { width, height, thumbnailSize: size };
}

function tooManyPixels(): DomainError {
  const millions = MAX_PIXELS / 1_000_000;
  return new DomainError("PAYLOAD_TOO_LARGE", `A picture can have at most ${millions} million pixels.`, {
    field: "attachment",
  });
}
