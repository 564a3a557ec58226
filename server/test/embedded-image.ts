import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { entities } from "../entities.js";
import { checkOrigin } from "../features/feed/feed.origin.js";
import { migrations } from "../migrations/migrations.js";
import { migrate } from "../platform/migrate.js";
import { openDatabase } from "../platform/orm.js";

const root = join(import.meta.dirname, "../..");
const cache = join(root, "node_modules/.cache/parley");

/** The image's name changes with the migrations, so that a stale one is never used. */
async function imageFile(): Promise<string> {
  const folder = join(root, "server/migrations");
  const hash = createHash("sha256").update(await readFile(join(root, "package-lock.json")));
  for (const name of (await readdir(folder)).toSorted()) hash.update(await readFile(join(folder, name)));
  return join(cache, `embedded-${hash.digest("hex").slice(0, 16)}.tar`);
}

/** Makes the image of a migrated, empty embedded database, unless it is there. */
export async function writeEmbeddedImage(): Promise<void> {
  const file = await imageFile();
  const known = await readFile(file).catch(() => undefined);
  if (known !== undefined) return;
  const database = await openDatabase({ entities, migrations });
  await migrate(database, migrations);
  await checkOrigin(database.fork());
  const image = await database.dump();
  await database.close();
  await mkdir(cache, { recursive: true });
  await writeFile(`${file}.${process.pid}`, Buffer.from(await image.arrayBuffer()));
  await rename(`${file}.${process.pid}`, file);
}

/** The image that the set-up made. */
export async function readEmbeddedImage(): Promise<Blob> {
  return new Blob([await readFile(await imageFile())]);
}
