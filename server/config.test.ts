import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ConfigError, describeFaults, loadConfig } from "./config.js";
import type { Environment } from "./platform/environment.js";

const SECRET = "kPq3vX9sT2wZ7bN5mL8cR4dF6gH1jK0yQw";
const real = { DATABASE_URL: "postgres://parley@localhost/parley", JWT_SECRET: SECRET } as const;

function faultsOf(env: Environment): ConfigError {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("The environment was accepted.");
}

function problems(env: Environment): string[] {
  return faultsOf(env).faults.map(({ variable, problem }) => `${variable} ${problem}`);
}

describe("an empty environment", () => {
  test("is demo mode on this machine, with the documented defaults", () => {
    expect(loadConfig({})).toEqual({
      production: false,
      demo: true,
      dataDir: resolve(".data"),
      database: { url: undefined },
      redis: { url: undefined },
      http: {
        port: 4000,
        host: "127.0.0.1",
        publicUrl: undefined,
        corsOrigins: [],
        allowedHosts: ["localhost", "127.0.0.1", "[::1]"],
        trustProxy: false,
        frameAncestors: ["'none'"],
      },
      identity: { jwtSecret: undefined, jwksUrl: undefined, issuer: undefined, audience: undefined },
      serviceToken: undefined,
      storage: { kind: "disk" },
      mediaUrlTtlMs: 6 * 3_600_000,
      uploadMaxBytes: 10_485_760,
      rateLimits: {
        sends: { limit: 30, windowMs: 10_000 },
        writes: { limit: 60, windowMs: 10_000 },
        uploads: { limit: 10, windowMs: 60_000 },
        searches: { limit: 20, windowMs: 10_000 },
        logins: { limit: 10, windowMs: 60_000 },
      },
      graphql: { trustedDocuments: "on", gatewaySecret: undefined, graphiql: true },
      feed: { eventRetentionMs: 30 * 86_400_000 },
      log: { level: "info" },
      tracing: { otlpEndpoint: undefined },
    });
  });

  test("is what variables set to nothing amount to", () => {
    expect(loadConfig({ PORT: "", DATABASE_URL: " ", JWT_SECRET: "", UNRELATED: "x" })).toEqual(loadConfig({}));
  });
});

describe("values", () => {
  test("are read in their units", () => {
    const config = loadConfig({
      ...real,
      PORT: "0",
      EVENT_RETENTION: "90m",
      RATE_LIMIT_SENDS: "5/1s",
      RATE_LIMIT_LOGINS: "off",
      GRAPHIQL: "off",
      LOG_LEVEL: "WARN",
      TRUST_PROXY: "2",
    });
    expect(config.http.port).toBe(0);
    expect(config.feed.eventRetentionMs).toBe(5_400_000);
    expect(config.rateLimits.sends).toEqual({ limit: 5, windowMs: 1_000 });
    expect(config.rateLimits.logins).toBe("off");
    expect(config.graphql.graphiql).toBe(false);
    expect(config.log.level).toBe("warn");
    expect(config.http.trustProxy).toBe(2);
  });

  test("that are origins take the form that browsers send", () => {
    const { http } = loadConfig({
      PUBLIC_URL: "https://Chat.Example.com:443/",
      CORS_ORIGINS: "https://A.example, http://b.example:81",
    });
    expect(http.publicUrl).toBe("https://chat.example.com");
    expect(http.corsOrigins).toEqual(["https://a.example", "http://b.example:81"]);
    expect(http.allowedHosts).toContain("chat.example.com");
  });

  test("that are hosts replace the server's own, but never this machine", () => {
    const { allowedHosts } = loadConfig({ HOST: "10.0.0.7", ALLOWED_HOSTS: "Chat.example.com, .example.org" }).http;
    expect(allowedHosts).toEqual(["localhost", "127.0.0.1", "[::1]", "chat.example.com", ".example.org"]);
    expect(loadConfig({ HOST: "10.0.0.7" }).http.allowedHosts).toContain("10.0.0.7");
    expect(loadConfig({ HOST: "0.0.0.0" }).http.allowedHosts).not.toContain("0.0.0.0");
  });

  test("that are frame ancestors work with and without the quotes that a shell eats", () => {
    expect(loadConfig({ FRAME_ANCESTORS: "self https://app.example" }).http.frameAncestors).toEqual([
      "'self'",
      "https://app.example",
    ]);
  });

  test("make an S3 store when it is asked for", () => {
    const config = loadConfig({
      STORAGE: "s3",
      S3_BUCKET: "files",
      S3_ACCESS_KEY_ID: "id",
      S3_SECRET_ACCESS_KEY: "key",
      S3_ENDPOINT: "http://localhost:9000",
    });
    expect(config.storage).toEqual({
      kind: "s3",
      bucket: "files",
      region: "us-east-1",
      endpoint: "http://localhost:9000",
      forcePathStyle: false,
      accessKeyId: "id",
      secretAccessKey: "key",
    });
  });
});

describe("faults", () => {
  test("are all listed at once, each with its fix", () => {
    const error = faultsOf({
      PORT: "70000",
      EVENT_RETENTION: "a month",
      RATE_LIMIT_SENDS: "many",
      STORAGE: "tape",
      DATABASE_URL: "mysql://u:hunter2@db/x",
      JWT_SECRET: "short-one",
    });
    expect(error.faults.map((fault) => fault.variable)).toEqual([
      "PORT",
      "DATABASE_URL",
      "JWT_SECRET",
      "STORAGE",
      "RATE_LIMIT_SENDS",
      "EVENT_RETENTION",
    ]);
    const text = describeFaults(error);
    expect(text.split("\n")).toHaveLength(1 + error.faults.length);
    expect(text).toContain(
      'PORT "70000" is not a whole number from 0 to 65535. Fix: set it, for example PORT=4000; unset, it is 4000.',
    );
    expect(text).toContain(
      "JWT_SECRET is 9 bytes long, and at least 32 are needed. Fix: set it, for example to the output of: openssl rand -base64 48;",
    );
  });

  test("never show a secret", () => {
    const text = describeFaults(
      faultsOf({ DATABASE_URL: "mysql://u:hunter2@db/x", REDIS_URL: "hunter2", JWT_SECRET: "hunter2" }),
    );
    expect(text).not.toContain("hunter2");
  });

  test.each([
    ["PORT", "4000.5"],
    ["HOST", "not a host"],
    ["PUBLIC_URL", "https://chat.example.com/path"],
    ["PUBLIC_URL", "chat.example.com"],
    ["CORS_ORIGINS", "https://a.example/, ftp://b.example"],
    ["CORS_ORIGINS", "https://*.example.com"],
    ["CORS_ORIGINS", "https://user@a.example"],
    ["ALLOWED_HOSTS", "https://chat.example.com"],
    ["ALLOWED_HOSTS", "chat.example.com:4000"],
    ["FRAME_ANCESTORS", "'none' https://a.example"],
    ["FRAME_ANCESTORS", "https://a.example; script-src *"],
    ["TRUST_PROXY", "10.0.0.0/8, everyone"],
    ["UPLOAD_MAX_BYTES", "10MB"],
    ["MEDIA_URL_TTL", "30d"],
    ["EVENT_RETENTION", "0d"],
    ["RATE_LIMIT_WRITES", "0/10s"],
    ["TRUSTED_DOCUMENTS", "maybe"],
    ["LOG_LEVEL", "loud"],
    ["REDIS_URL", "localhost:6379"],
    ["DEMO", "perhaps"],
  ])("include %s=%s", (variable, value) => {
    expect(faultsOf({ [variable]: value }).faults.map((fault) => fault.variable)).toEqual([variable]);
  });

  test("include a misspelt variable, with what was meant; others' variables are left alone", () => {
    const error = faultsOf({
      RATE_LIMIT_SEND: "1/1s",
      JWT_SECRETS: SECRET,
      S3_BUCKETS: "b",
      LOG_LEVELS: "x",
      JWT_PRIVATE_KEY: "x",
      DATABASE_URI: "x",
    });
    expect(error.faults.map(({ variable, fix }) => `${variable}: ${fix.split("?")[0] ?? ""}`)).toEqual([
      "RATE_LIMIT_SEND: did you mean RATE_LIMIT_SENDS",
      "JWT_SECRETS: did you mean JWT_SECRET",
      "S3_BUCKETS: did you mean S3_BUCKET",
    ]);
  });
});

describe("secrets in files", () => {
  let dir = "";
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "config-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  function file(content: string): string {
    const path = join(dir, "secret");
    writeFileSync(path, content);
    return path;
  }

  test("are read without their line end, and count as set", () => {
    const config = loadConfig({ JWT_SECRET_FILE: file(`${SECRET}\n`) });
    expect(config.identity.jwtSecret).toBe(SECRET);
    expect(config.demo).toBe(false);
  });

  test("are checked like the others", () => {
    expect(problems({ JWT_SECRET_FILE: file("short") })).toEqual([
      "JWT_SECRET is 5 bytes long, and at least 32 are needed",
    ]);
  });

  test("must be there, hold something, and be the only source", () => {
    expect(problems({ JWT_SECRET_FILE: join(dir, "none") })[0]).toMatch(
      /^JWT_SECRET_FILE names the file .* which can't be read \(ENOENT\)$/,
    );
    expect(problems({ JWT_SECRET_FILE: file("\n") })[0]).toMatch(/^JWT_SECRET_FILE names the file .* which is empty$/);
    expect(problems({ JWT_SECRET: SECRET, JWT_SECRET_FILE: file(SECRET) })).toEqual([
      "JWT_SECRET_FILE is set beside JWT_SECRET, and only one of them can count",
    ]);
  });
});
