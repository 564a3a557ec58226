import { optional, withDefault, type ValuesOf } from "./platform/environment.js";
import {
  bearerToken,
  cspSources,
  durationMs,
  hostNames,
  listenAddress,
  oneOf,
  origin,
  origins,
  proxies,
  rateOrOff,
  secret,
  text,
  toggle,
  url,
  wholeNumber,
} from "./platform/environment.schemas.js";

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const MIN_SECRET_BYTES = 32;
const RANDOM_SECRET = "the output of: openssl rand -base64 48";

/** Every environment variable that the server knows, in the order in which documentation shows them. */
export const variables = {
  PORT: withDefault("4000", {
    meaning: "TCP port to listen on; 0: any free one, printed at start",
    schema: wholeNumber({ min: 0, max: 65_535 }),
  }),
  HOST: withDefault("127.0.0.1", {
    meaning: "address to listen on; 0.0.0.0: every one of this machine",
    schema: listenAddress(),
  }),
  NODE_ENV: optional({
    meaning: "production: refuses demo mode, weak secrets and * as an origin",
    schema: text(),
    example: "production",
  }),
  DEMO: optional({
    meaning: "demo data and a log-in without passwords; refused in production",
    schema: toggle(),
    example: "on",
    computed: "on when neither DATABASE_URL nor a JWT variable is set",
  }),

  DATABASE_URL: optional({
    meaning: "PostgreSQL 15 or later; unset: an embedded database in DATA_DIR",
    schema: url(["postgres:", "postgresql:"]),
    secret: true,
    example: "postgres://parley:PASSWORD@localhost:5432/parley",
  }),
  REDIS_URL: optional({
    meaning: "Redis 7 or Valkey, for several nodes; unset: events stay in this process",
    schema: url(["redis:", "rediss:"]),
    secret: true,
    example: "redis://localhost:6379",
  }),
  DATA_DIR: withDefault(".data", {
    meaning: "folder for the embedded database, local attachments and the demo secret",
    schema: text(),
  }),

  JWT_SECRET: optional({
    meaning: "HS256 secret that the tokens of users are signed with, 32 bytes or more",
    schema: secret({ minBytes: MIN_SECRET_BYTES }),
    secret: true,
    example: RANDOM_SECRET,
    computed: "made on the first start in demo mode",
  }),
  JWT_JWKS_URL: optional({
    meaning: "where the host product publishes the keys of its tokens (JSON Web Key Set); https:// in production",
    schema: url(["https:", "http:"]),
    example: "https://id.example.com/jwks.json",
  }),
  JWT_ISSUER: optional({
    meaning: "the iss that every token must carry",
    schema: text(),
    example: "https://id.example.com",
  }),
  JWT_AUDIENCE: optional({ meaning: "the aud that every token must carry", schema: text(), example: "parley" }),
  SERVICE_TOKEN: optional({
    meaning: "bearer token for the host product's own calls; unset: none are accepted",
    schema: bearerToken(),
    secret: true,
    example: RANDOM_SECRET,
  }),

  PUBLIC_URL: optional({
    meaning: "origin under which browsers reach this server",
    schema: origin(),
    example: "https://chat.example.com",
    computed: "its own address",
  }),
  CORS_ORIGINS: optional({
    meaning: "exact origins of other sites that may call it, also by WebSocket; commas between them",
    schema: origins(),
    example: "https://app.example.com",
    computed: "none",
  }),
  ALLOWED_HOSTS: optional({
    meaning: "accepted Host headers beside localhost; commas between them, .example.com covers subdomains",
    schema: hostNames(),
    example: "chat.example.com",
    computed: "the hosts of HOST and PUBLIC_URL",
  }),
  TRUST_PROXY: withDefault("off", {
    meaning: "believe X-Forwarded-* of: off, on, a number of proxies, or their addresses",
    schema: proxies(),
  }),
  FRAME_ANCESTORS: withDefault("'none'", {
    meaning: "sites that may embed the web client (CSP sources, spaces between them)",
    schema: cspSources(),
  }),

  STORAGE: withDefault("disk", {
    meaning: "where attachments are kept: disk (DATA_DIR) or s3",
    schema: oneOf(["disk", "s3"]),
  }),
  S3_BUCKET: optional({ meaning: "bucket for attachments, needed for STORAGE=s3", schema: text(), example: "parley" }),
  S3_REGION: withDefault("us-east-1", { meaning: "region of the bucket", schema: text() }),
  S3_ENDPOINT: optional({
    meaning: "address of an S3-compatible service",
    schema: url(["https:", "http:"]),
    example: "http://localhost:9000",
    computed: "Amazon's",
  }),
  S3_FORCE_PATH_STYLE: withDefault("off", {
    meaning: "on: the bucket in the path, as most S3-compatible services want it",
    schema: toggle(),
  }),
  S3_ACCESS_KEY_ID: optional({
    meaning: "access key of the bucket",
    schema: text(),
    secret: true,
    example: "the key that the service gave you",
  }),
  S3_SECRET_ACCESS_KEY: optional({
    meaning: "secret of the access key",
    schema: text(),
    secret: true,
    example: "the secret that the service gave you",
  }),
  MEDIA_URL_TTL: withDefault("6h", {
    meaning: "how long the signed address of an attachment works",
    schema: durationMs({ minMs: SECOND_MS, maxMs: 7 * DAY_MS }),
  }),
  UPLOAD_MAX_BYTES: withDefault("10485760", {
    meaning: "largest attachment, in bytes",
    schema: wholeNumber({ min: 1, max: 1_073_741_824 }),
  }),

  RATE_LIMIT_SENDS: withDefault("30/10s", {
    meaning: "messages a user may send, also as many at once; off: no limit",
    schema: rateOrOff(),
  }),
  RATE_LIMIT_WRITES: withDefault("60/10s", {
    meaning: "other changes a user may make; off: no limit",
    schema: rateOrOff(),
  }),
  RATE_LIMIT_UPLOADS: withDefault("10/60s", { meaning: "files a user may upload; off: no limit", schema: rateOrOff() }),
  RATE_LIMIT_SEARCHES: withDefault("20/10s", {
    meaning: "searches a user may make; off: no limit",
    schema: rateOrOff(),
  }),
  RATE_LIMIT_LOGINS: withDefault("10/60s", {
    meaning: "demo log-ins from one address; off: no limit",
    schema: rateOrOff(),
  }),

  TRUSTED_DOCUMENTS: withDefault("on", {
    meaning: "on: the web client's GraphQL documents are known by id; only: no others are executed; off: neither",
    schema: oneOf(["on", "only", "off"]),
  }),
  TRUSTED_GATEWAY_SECRET: optional({
    meaning: "with TRUSTED_DOCUMENTS=only: by which a GraphQL gateway may send any document",
    schema: bearerToken(),
    secret: true,
    example: RANDOM_SECRET,
  }),
  GRAPHIQL: optional({
    meaning: "serve GraphiQL at /graphiql",
    schema: toggle(),
    example: "off",
    computed: "on outside production",
  }),
  EVENT_RETENTION: withDefault("30d", {
    meaning: "how far back a client can resume an event stream",
    schema: durationMs({ minMs: SECOND_MS, maxMs: 36_500 * DAY_MS }),
  }),

  LOG_LEVEL: withDefault("info", {
    meaning: "fatal, error, warn, info, debug, trace or silent",
    schema: oneOf(["fatal", "error", "warn", "info", "debug", "trace", "silent"]),
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional({
    meaning: "where traces go (OTLP over HTTP); unset: no tracing",
    schema: url(["https:", "http:"]),
    example: "http://localhost:4318",
  }),
} as const;

/** The parsed values, before they are weighed against one another. */
export type Values = ValuesOf<typeof variables>;

/** A set variable that begins like this and is almost one of ours is taken for a misspelling. */
export const OWN_PREFIXES = [
  "JWT_",
  "RATE_LIMIT_",
  "S3_",
  "MEDIA_URL_",
  "UPLOAD_",
  "TRUSTED_",
  "EVENT_",
  "CORS_",
  "ALLOWED_",
  "FRAME_",
  "SERVICE_TOKEN",
] as const;
