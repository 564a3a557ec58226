import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import sharp from "sharp";
import { animation, photograph, picture, type TestFile } from "../../test/files.js";
import { incoming } from "../../test/uploads.js";
import { createWorld, type World } from "../../test/world.js";
import { DECODED_AT_ONCE } from "./attachment.image.js";
import { thumbnailKey } from "./attachment.js";
import { withReceived, type ReceivedFile } from "./attachment.upload.js";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe("pictures", () => {
  async function thumbnailOf(file: TestFile): Promise<{ received: ReceivedFile; thumbnail: Buffer }> {
    return withReceived(world.services, incoming(file), async (received) => {
      const stream = await world.services.files.storage.read(thumbnailKey(received.attachment.key));
      return { received, thumbnail: Buffer.concat(stream === undefined ? [] : await stream.toArray()) };
    });
  }

  test("have the size in which they are shown, and a small upright picture without what the camera wrote", async () => {
    const bytes = await photograph(1_200, 800);
    expect(bytes.includes("SECRET PLACE")).toBe(true);
    const { received, thumbnail } = await thumbnailOf({ name: "a.jpg", bytes });
    expect(received.attachment).toMatchObject({ width: 800, height: 1_200 });
    expect(await sharp(thumbnail).metadata()).toMatchObject({ format: "webp", width: 320, height: 480 });
    expect([thumbnail.includes("SECRET PLACE"), received.thumbnailSize]).toEqual([false, thumbnail.length]);
  });

  test("that are small are not made larger, and of those that move there is the first frame", async () => {
    const { received, thumbnail } = await thumbnailOf({ name: "a.gif", bytes: await animation() });
    expect(received.attachment).toMatchObject({ width: 20, height: 10 });
    const shown = await sharp(thumbnail).metadata();
    expect([shown.width, shown.height, shown.pages ?? 1]).toEqual([20, 10, 1]);
  });

  test("are decoded a few at a time, however many come at once, and all have their turn", async () => {
    const bytes = await picture("png", { width: 600, height: 400 });
    const seen: number[] = [];
    const look = (): void => {
      const { queue, process } = sharp.counters();
      seen.push(queue + process);
    };
    sharp.queue.on("change", look);
    const received = await Promise.all(
      Array.from({ length: 8 }, () =>
        withReceived(world.services, incoming({ name: "a.png", bytes }), async (file) => file),
      ),
    );
    sharp.queue.off("change", look);
    expect(received.map(({ attachment }) => attachment.width)).toEqual(Array.from({ length: 8 }, () => 600));
    expect(seen.length).toBeGreaterThan(0);
    // The library tells that one has ended before it takes it from its count.
    expect(Math.max(...seen)).toBeLessThanOrEqual(DECODED_AT_ONCE + 1);
  });
});
