import { resolve } from "node:path";
import { checkRules, isDemo, isProduction, LOOPBACK_HOSTS } from "./config.rules.js";
import { OWN_PREFIXES, variables, type Values } from "./config.variables.js";
import { findMisspelt, parseVariables, type Environment, type Fault } from "./platform/environment.js";
import type { RateLimits } from "./platform/rates/rate-limiter.js";

export { variables } from "./config.variables.js";

/** Everything that can be configured. Durations are in milliseconds, sizes in bytes; what is undefined was not set. */
export interface Config {
  readonly production: boolean;
  /** Demo data, and a log-in without passwords. */
  readonly demo: boolean;
  /** Absolute path. */
  readonly dataDir: string;
  /** Without a URL: the embedded database in `dataDir`. */
  readonly database: { readonly url: string | undefined };
  /** Without a URL: events stay in this process. */
  readonly redis: { readonly url: string | undefined };
  readonly http: HttpConfig;
  readonly identity: IdentityConfig;
  /** Bearer token of the host product's own calls. */
  readonly serviceToken: string | undefined;
  readonly storage: StorageConfig;
  readonly mediaUrlTtlMs: number;
  readonly uploadMaxBytes: number;
  readonly rateLimits: RateLimits;
  readonly graphql: GraphqlConfig;
  readonly feed: { readonly eventRetentionMs: number };
  readonly log: { readonly level: LogLevel };
  readonly tracing: { readonly otlpEndpoint: string | undefined };
}

export interface HttpConfig {
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  /** The origin under which browsers reach the server; undefined: the address it listens on. */
  readonly publicUrl: string | undefined;
  /** Origins in the form that browsers send; `*` (never in production) for all. The server's own is not among them. */
  readonly corsOrigins: readonly string[];
  /** Lower-case host names without port; `.example.com` covers `example.com` and all below it, `*` is any. */
  readonly allowedHosts: readonly string[];
  /** As Fastify takes it. */
  readonly trustProxy: boolean | number | string;
  /** Sources of the CSP directive `frame-ancestors`. */
  readonly frameAncestors: readonly string[];
}

export interface GraphqlConfig {
  readonly trustedDocuments: "off" | "on" | "only";
  /** By which a gateway may send any document. */
  readonly gatewaySecret: string | undefined;
  readonly graphiql: boolean;
}

/** In demo mode `jwtSecret` may be undefined: `demoSecret(dataDir)` then has it. */
export interface IdentityConfig {
  readonly jwtSecret: string | undefined;
  readonly jwksUrl: string | undefined;
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
}

export type StorageConfig = { readonly kind: "disk" } | S3Config;

export interface S3Config {
  readonly kind: "s3";
  readonly bucket: string;
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly forcePathStyle: boolean;
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
}

export type LogLevel = Values["LOG_LEVEL"];

/** The environment can't be used. `faults` has everything that is wrong with it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly faults: readonly Fault[]) {
    super(
      `The configuration has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}: ${faults.map((fault) => fault.variable).join(", ")}`,
    );
  }
}

/** The faults for a terminal: a heading, then one a line, each with its fix. Holds no secret. */
export function describeFaults(error: ConfigError): string {
  const count = error.faults.length === 1 ? "one setting needs" : `${error.faults.length} settings need`;
  const lines = error.faults.map(({ variable, problem, fix }) => `  ${variable} ${problem}. Fix: ${fix}.`);
  return [`The configuration can't be used: ${count} a change in the environment.`, ...lines].join("\n");
}

/** The configuration of this process. Throws {@link ConfigError}. */
export function readConfig(): Config {
  return loadConfig(process.env);
}

/** The database alone, for commands that work on it and need nothing else. Undefined: the embedded one. */
export function readDatabaseUrl(): string | undefined {
  return parseVariables(variables, process.env).values.DATABASE_URL;
}

/** Where the data is: all that a command needs which works on it, and speaks to nobody. */
export type DataPlaces = Pick<Config, "database" | "redis" | "dataDir" | "storage" | "uploadMaxBytes">;

/** As {@link readConfig}, of these settings alone. Throws {@link ConfigError}. */
export function readDataPlaces(): DataPlaces {
  const { values, faults } = parseVariables(variables, process.env);
  const own = [...faults, ...checkRules(values, process.env)].filter(({ variable }) =>
    /^(DATABASE_URL|REDIS_URL|DATA_DIR|STORAGE|S3_|UPLOAD_MAX_BYTES)/.test(variable),
  );
  if (own.length > 0) throw new ConfigError(own);
  return toDataPlaces(values);
}

function toDataPlaces(values: Values): DataPlaces {
  return {
    dataDir: resolve(values.DATA_DIR),
    database: { url: values.DATABASE_URL },
    redis: { url: values.REDIS_URL },
    storage: toStorageConfig(values),
    uploadMaxBytes: values.UPLOAD_MAX_BYTES,
  };
}

/** The configuration that an environment describes. Throws {@link ConfigError} with every fault in it. */
export function loadConfig(env: Environment): Config {
  const { values, faults } = parseVariables(variables, env);
  const all = [...faults, ...checkRules(values, env), ...findMisspelt(variables, OWN_PREFIXES, env)];
  if (all.length > 0) throw new ConfigError(all);
  return toConfig(values, env);
}

function toConfig(values: Values, env: Environment): Config {
  const production = isProduction(values);
  return {
    production,
    demo: isDemo(values, env),
    ...toDataPlaces(values),
    http: toHttpConfig(values),
    identity: {
      jwtSecret: values.JWT_SECRET,
      jwksUrl: values.JWT_JWKS_URL,
      issuer: values.JWT_ISSUER,
      audience: values.JWT_AUDIENCE,
    },
    serviceToken: values.SERVICE_TOKEN,
    mediaUrlTtlMs: values.MEDIA_URL_TTL,
    rateLimits: {
      sends: values.RATE_LIMIT_SENDS,
      writes: values.RATE_LIMIT_WRITES,
      uploads: values.RATE_LIMIT_UPLOADS,
      searches: values.RATE_LIMIT_SEARCHES,
      logins: values.RATE_LIMIT_LOGINS,
    },
    graphql: {
      trustedDocuments: values.TRUSTED_DOCUMENTS,
      gatewaySecret: values.TRUSTED_GATEWAY_SECRET,
      graphiql: values.TRUSTED_DOCUMENTS !== "only" && (values.GRAPHIQL ?? !production),
    },
    feed: { eventRetentionMs: values.EVENT_RETENTION },
    log: { level: values.LOG_LEVEL },
    tracing: { otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT },
  };
}

function toHttpConfig(values: Values): HttpConfig {
  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL,
    corsOrigins: values.CORS_ORIGINS ?? [],
    allowedHosts: allowedHosts(values),
    trustProxy: values.TRUST_PROXY,
    frameAncestors: values.FRAME_ANCESTORS,
  };
}

const WILDCARD_ADDRESSES = ["0.0.0.0", "::"];

/** Loopback names are always accepted: probes and commands on the machine use them, and no rebound DNS name reads so. */
function allowedHosts(values: Values): readonly string[] {
  if (values.ALLOWED_HOSTS !== undefined) return [...new Set([...LOOPBACK_HOSTS, ...values.ALLOWED_HOSTS])];
  const own = WILDCARD_ADDRESSES.includes(values.HOST)
    ? []
    : [values.HOST.includes(":") ? `[${values.HOST}]` : values.HOST.toLowerCase()];
  const published = values.PUBLIC_URL === undefined ? [] : [new URL(values.PUBLIC_URL).hostname];
  return [...new Set([...LOOPBACK_HOSTS, ...own, ...published])];
}

function toStorageConfig(values: Values): StorageConfig {
  // The rules have refused s3 without a bucket.
  if (values.STORAGE === "disk" || values.S3_BUCKET === undefined) return { kind: "disk" };
  return {
    kind: "s3",
    bucket: values.S3_BUCKET,
    region: values.S3_REGION,
    endpoint: values.S3_ENDPOINT,
    forcePathStyle: values.S3_FORCE_PATH_STYLE,
    accessKeyId: values.S3_ACCESS_KEY_ID,
    secretAccessKey: values.S3_SECRET_ACCESS_KEY,
  };
}
