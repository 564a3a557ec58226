import { writeEmbeddedImage } from "./embedded-image.js";

/** Once before the server's tests: a migrated embedded database, for each test file to start from. */
export default async function setup(): Promise<void> {
  await writeEmbeddedImage();
}
