import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { isKey, requireKey, type Storage } from "./storage.js";

export interface S3Settings {
  readonly bucket: string;
  readonly region: string;
  /** Of an S3-compatible service; undefined: Amazon's. */
  readonly endpoint: string | undefined;
  readonly forcePathStyle: boolean;
  /** Both undefined: the credentials come from where Amazon's tools look for them. */
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
}

/** How many keys S3 deletes in one call. */
const MAX_DELETED = 1_000;

/** A bucket of S3, or of a service that speaks as S3 does. */
export function createS3Storage(settings: S3Settings): Storage {
  const { bucket: Bucket, region, endpoint, forcePathStyle, accessKeyId, secretAccessKey } = settings;
  const client = new S3Client({
    region,
    forcePathStyle,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
    // The newer checksums are Amazon's alone: many compatible services refuse or garble them.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  return {
    async put(key, path) {
      const { size } = await stat(path);
      const Body = createReadStream(path);
      try {
        await client.send(new PutObjectCommand({ Bucket, Key: requireKey(key), Body, ContentLength: size }));
      } finally {
        Body.destroy();
      }
    },
    async read(key, range) {
      const Range = range && `bytes=${range.start}-${range.end}`;
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: requireKey(key), Range }));
        return Body instanceof Readable ? Body : undefined;
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async delete(keys) {
      for (let at = 0; at < keys.length; at += MAX_DELETED) {
        const Objects = keys.slice(at, at + MAX_DELETED).map((key) => ({ Key: requireKey(key) }));
        const { Errors = [] } = await client.send(
          new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
        );
        const [first] = Errors;
        if (first !== undefined) throw new Error(`S3 did not delete ${first.Key}: ${first.Code}`);
      }
    },
    async *list(folder, before) {
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix: `${requireKey(folder)}/`, ContinuationToken }),
        );
        for (const { Key, LastModified } of page.Contents ?? [])
          if (Key !== undefined && isKey(Key) && LastModified !== undefined && LastModified < before) yield Key;
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    close: () => client.destroy(),
  };
}
