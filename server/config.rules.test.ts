import { describe, expect, test } from "@jest/globals";
import { ConfigError, loadConfig } from "./config.js";
import type { Environment } from "./platform/environment.js";

const real = {
  DATABASE_URL: "postgres://parley@localhost/parley",
  JWT_SECRET: "kPq3vX9sT2wZ7bN5mL8cR4dF6gH1jK0yQw",
} as const;
const production = { ...real, NODE_ENV: "production" } as const;

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

describe("a store", () => {
  test("on S3 needs its bucket, and a key its secret", () => {
    expect(faultsOf({ STORAGE: "s3", S3_ACCESS_KEY_ID: "id" }).faults.map((fault) => fault.variable)).toEqual([
      "S3_BUCKET",
      "S3_SECRET_ACCESS_KEY",
    ]);
  });
});

describe("demo mode", () => {
  test("ends where a database or a JWT variable is set, and can be kept on", () => {
    expect(loadConfig(real).demo).toBe(false);
    expect(loadConfig({ DATABASE_URL: real.DATABASE_URL, DEMO: "on" }).demo).toBe(true);
    expect(loadConfig({ ...real, DEMO: "on" }).demo).toBe(true);
  });

  test("is the only one without a key to verify tokens with", () => {
    for (const env of [{ DATABASE_URL: real.DATABASE_URL }, { JWT_ISSUER: "https://id.example" }, { DEMO: "off" }]) {
      expect(problems(env)).toEqual(["JWT_SECRET is needed outside demo mode, to know which tokens to believe"]);
    }
  });
});

describe("the address of the host product's keys", () => {
  const JWT_JWKS_URL = "https://id.example/jwks.json";

  test("does instead of a secret, and beside one", () => {
    const { demo, identity } = loadConfig({ JWT_JWKS_URL });
    expect([demo, identity.jwksUrl, identity.jwtSecret]).toEqual([false, JWT_JWKS_URL, undefined]);
    expect(loadConfig({ ...production, JWT_JWKS_URL }).identity.jwtSecret).toBe(real.JWT_SECRET);
    expect(loadConfig({ JWT_JWKS_URL, DEMO: "on" }).demo).toBe(true);
  });

  test("has no user and no password in it", () => {
    for (const url of ["https://john:pw@id.example/jwks.json", "https://john@id.example/jwks.json"]) {
      expect(problems({ JWT_JWKS_URL: url })).toEqual(["JWT_JWKS_URL has a user or a password in it"]);
    }
  });

  test("is not one that others could answer for in production", () => {
    const plain = "http://id.example/jwks.json";
    expect(loadConfig({ JWT_JWKS_URL: plain }).identity.jwksUrl).toBe(plain);
    for (const url of [plain, "http://localhost.id.example/", "http://127.0.0.1.id.example/", "http://10.0.0.1/"]) {
      expect(problems({ ...production, JWT_JWKS_URL: url })).toEqual([
        expect.stringMatching(/^JWT_JWKS_URL is a plain http:\/\/ address, which NODE_ENV=production refuses/),
      ]);
    }
    for (const url of ["http://localhost:4001/jwks.json", "http://127.0.0.7/jwks.json", "http://[::1]:80/"]) {
      expect(loadConfig({ ...production, JWT_JWKS_URL: url }).identity.jwksUrl).toBe(url);
    }
  });

  test("is one fault, and not two, when it is none", () => {
    expect(faultsOf({ JWT_JWKS_URL: "id.example" }).faults.map(({ variable }) => variable)).toEqual(["JWT_JWKS_URL"]);
  });
});

describe("production", () => {
  test("starts with a database and a secret of its own, without GraphiQL", () => {
    const config = loadConfig(production);
    expect(config.production).toBe(true);
    expect(config.graphql.graphiql).toBe(false);
    expect(loadConfig({ ...production, GRAPHIQL: "on" }).graphql.graphiql).toBe(true);
  });

  test("refuses demo mode, asked for or by default", () => {
    expect(problems({ ...production, DEMO: "on" })[0]).toMatch(/^DEMO is on, which NODE_ENV=production refuses/);
    const [fault] = faultsOf({ NODE_ENV: "production" }).faults;
    expect(fault?.variable).toBe("DEMO");
    expect(fault?.fix).toMatch(/DATABASE_URL.*JWT_SECRET/);
  });

  test.each([
    "a-string-secret-at-least-256-bits-long",
    "change-me-change-me-change-me-change-me",
    "django-insecure-8f3kq2m5v9x1z7c4b6n0p8r2t5w",
    "your-256-bit-secret-your-256-bit-secret",
    "secret_secret_secret_secret_secret_secret",
  ])("refuses the known secret %s", (secret) => {
    expect(problems({ ...production, JWT_SECRET: secret })).toEqual([
      "JWT_SECRET is a secret out of an example, which everybody knows",
    ]);
    expect(loadConfig({ ...real, JWT_SECRET: secret }).identity.jwtSecret).toBe(secret);
  });

  test("refuses a gateway's secret that is short, or that could not be sent", () => {
    const only = { ...production, TRUSTED_DOCUMENTS: "only" };
    expect(problems({ ...only, TRUSTED_GATEWAY_SECRET: "qL8cR4dF6gH1" })).toEqual([
      "TRUSTED_GATEWAY_SECRET is 12 bytes long, and production needs 32",
    ]);
    expect(problems({ ...only, TRUSTED_GATEWAY_SECRET: "two words" })).toEqual([
      "TRUSTED_GATEWAY_SECRET can't travel in a header: it has spaces or letters beyond ASCII in it",
    ]);
  });

  test("refuses a service token that could not be sent", () => {
    expect(problems({ ...real, SERVICE_TOKEN: "two words" })).toEqual([
      "SERVICE_TOKEN can't travel in a header: it has spaces or letters beyond ASCII in it",
    ]);
  });

  test("refuses short secrets and * as an origin", () => {
    expect(problems({ ...production, SERVICE_TOKEN: "qL8cR4dF6gH1" })).toEqual([
      "SERVICE_TOKEN is 12 bytes long, and production needs 32",
    ]);
    expect(
      problems({ ...production, CORS_ORIGINS: "*", FRAME_ANCESTORS: "*" }).map((problem) => problem.split(" ")[0]),
    ).toEqual(["CORS_ORIGINS", "FRAME_ANCESTORS"]);
    expect(loadConfig({ ...real, CORS_ORIGINS: "*" }).http.corsOrigins).toEqual(["*"]);
  });
});

describe("trusted documents", () => {
  test("alone have no GraphiQL, also where one is asked for", () => {
    expect(loadConfig({ ...real, TRUSTED_DOCUMENTS: "only" }).graphql).toMatchObject({ graphiql: false });
    expect(problems({ ...real, TRUSTED_DOCUMENTS: "only", GRAPHIQL: "on" })).toEqual([
      "GRAPHIQL is on, and with TRUSTED_DOCUMENTS=only nothing that one writes there is executed",
    ]);
  });

  test("need no gateway's secret where everybody may send any", () => {
    const TRUSTED_GATEWAY_SECRET = "kPq3vX9sT2wZ7bN5mL8cR4dF6gH1jK0yQw";
    expect(problems({ ...real, TRUSTED_GATEWAY_SECRET })).toEqual([
      "TRUSTED_GATEWAY_SECRET is for TRUSTED_DOCUMENTS=only, and that is on",
    ]);
    expect(loadConfig({ ...real, TRUSTED_DOCUMENTS: "only", TRUSTED_GATEWAY_SECRET }).graphql.gatewaySecret).toBe(
      TRUSTED_GATEWAY_SECRET,
    );
  });
});
