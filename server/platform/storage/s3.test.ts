import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTestS3, type TestS3 } from "../../test/s3.js";
import { storageContract } from "../../test/storage-contract.js";
import { createS3Storage } from "./s3.js";

let s3: TestS3;
beforeAll(async () => {
  s3 = await startTestS3();
});
afterAll(() => s3.close());

storageContract("S3", async () => createS3Storage(s3.settings));

test("a bucket that does not exist is an error, not an empty one", async () => {
  const storage = createS3Storage({ ...s3.settings, bucket: "another" });
  await expect(storage.read("a/b.txt")).rejects.toThrow("bucket");
  storage.close();
});
