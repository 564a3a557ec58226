import type { Values } from "./config.variables.js";
import { isSet, type Environment, type Fault } from "./platform/environment.js";

/** What single variables can't say: which of them need, exclude or forbid one another. */

const JWT_VARIABLES = ["JWT_SECRET", "JWT_JWKS_URL", "JWT_ISSUER", "JWT_AUDIENCE"] as const;
/** How this machine calls itself, as a URL has it. */
export const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"] as const;
const MIN_PRODUCTION_TOKEN_BYTES = 32;
const SET_A_SECRET =
  "set JWT_SECRET to a random secret of your own, for example the output of: openssl rand -base64 48";

/** Secrets that stand in tutorials, templates and on jwt.io: everybody has them. */
const DEFAULT_SECRETS = [
  /change[-_ ]?(me|this|it)/i,
  /^django-insecure-/i,
  /^(your|my|a|some|super|top)[-_ ]?[-_ a-z0-9]*secret/i,
  /^(?:[-_ .0-9]*(?:secret|password|parley|example|default|insecure|placeholder|jwt|token|key))+[-_ .0-9]*$/i,
];

export function isProduction(values: Values): boolean {
  return values.NODE_ENV === "production";
}

/** Demo mode as it was asked for, or on where nothing at all was configured. */
export function isDemo(values: Values, env: Environment): boolean {
  return values.DEMO ?? !["DATABASE_URL", ...JWT_VARIABLES].some((name) => isSet(name, env));
}

/** Every fault that lies between variables. */
export function checkRules(values: Values, env: Environment): Fault[] {
  return [
    ...checkKeys(values, env),
    ...checkStorage(values, env),
    ...checkDocuments(values),
    ...(isProduction(values) ? checkProduction(values, env) : []),
  ];
}

function checkKeys(values: Values, env: Environment): Fault[] {
  if (isSet("JWT_JWKS_URL", env)) return checkKeyAddress(values);
  if (isDemo(values, env) || isSet("JWT_SECRET", env)) return [];
  const fix = `${SET_A_SECRET}, or JWT_JWKS_URL to where the host product publishes its keys; or DEMO=on to try Parley out`;
  return [{ variable: "JWT_SECRET", problem: "is needed outside demo mode, to know which tokens to believe", fix }];
}

/** Whoever can change the keys on their way can log in as anybody. */
function checkKeyAddress(values: Values): Fault[] {
  if (values.JWT_JWKS_URL === undefined) return [];
  const variable = "JWT_JWKS_URL";
  const { protocol, hostname, username, password } = new URL(values.JWT_JWKS_URL);
  const faults: Fault[] = [];
  if (username !== "" || password !== "")
    faults.push({ variable, problem: "has a user or a password in it", fix: "set it to an address that needs none" });
  if (isProduction(values) && protocol === "http:" && !isLoopback(hostname)) {
    const problem = "is a plain http:// address, which NODE_ENV=production refuses: others could put in keys of theirs";
    faults.push({ variable, problem, fix: "set it to the https:// address" });
  }
  return faults;
}

function isLoopback(hostname: string): boolean {
  return LOOPBACK_HOSTS.some((host) => host === hostname) || /^127(\.\d+){3}$/.test(hostname);
}

function checkStorage(values: Values, env: Environment): Fault[] {
  const faults: Fault[] = [];
  const needs = (variable: string, when: string): void => {
    if (!isSet(variable, env))
      faults.push({ variable, problem: `is needed with ${when}`, fix: `set it, or unset ${when}` });
  };
  if (values.STORAGE === "s3") needs("S3_BUCKET", "STORAGE=s3");
  if (isSet("S3_ACCESS_KEY_ID", env)) needs("S3_SECRET_ACCESS_KEY", "S3_ACCESS_KEY_ID");
  if (isSet("S3_SECRET_ACCESS_KEY", env)) needs("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY");
  return faults;
}

function checkDocuments({ TRUSTED_DOCUMENTS, GRAPHIQL, TRUSTED_GATEWAY_SECRET }: Values): Fault[] {
  if (TRUSTED_DOCUMENTS === "only") {
    const problem = "is on, and with TRUSTED_DOCUMENTS=only nothing that one writes there is executed";
    return GRAPHIQL === true ? [{ variable: "GRAPHIQL", problem, fix: "unset it, or set TRUSTED_DOCUMENTS=on" }] : [];
  }
  const problem = `is for TRUSTED_DOCUMENTS=only, and that is ${TRUSTED_DOCUMENTS}`;
  if (TRUSTED_GATEWAY_SECRET === undefined) return [];
  return [{ variable: "TRUSTED_GATEWAY_SECRET", problem, fix: "unset it, or set TRUSTED_DOCUMENTS=only" }];
}

function checkProduction(values: Values, env: Environment): Fault[] {
  return [...checkNoDemo(values, env), ...checkSecrets(values), ...checkOrigins(values)];
}

function checkNoDemo(values: Values, env: Environment): Fault[] {
  if (!isDemo(values, env)) return [];
  if (values.DEMO === true) {
    return [
      {
        variable: "DEMO",
        problem: "is on, which NODE_ENV=production refuses: anybody could log in as anybody",
        fix: "unset DEMO, or unset NODE_ENV to try Parley out",
      },
    ];
  }
  return [
    {
      variable: "DEMO",
      problem: "is on because neither DATABASE_URL nor a JWT variable is set, and NODE_ENV=production refuses it",
      fix: `set DATABASE_URL to a PostgreSQL database and ${SET_A_SECRET}; or unset NODE_ENV to try Parley out`,
    },
  ];
}

function checkSecrets(values: Values): Fault[] {
  const faults: Fault[] = [];
  const secrets = [
    ["JWT_SECRET", values.JWT_SECRET] as const,
    ["SERVICE_TOKEN", values.SERVICE_TOKEN] as const,
    ["TRUSTED_GATEWAY_SECRET", values.TRUSTED_GATEWAY_SECRET] as const,
  ];
  for (const [variable, secret] of secrets) {
    if (secret === undefined) continue;
    const fix = "set it to a random one of your own, for example the output of: openssl rand -base64 48";
    if (DEFAULT_SECRETS.some((known) => known.test(secret))) {
      faults.push({ variable, problem: "is a secret out of an example, which everybody knows", fix });
    } else if (Buffer.byteLength(secret) < MIN_PRODUCTION_TOKEN_BYTES) {
      faults.push({
        variable,
        problem: `is ${Buffer.byteLength(secret)} bytes long, and production needs ${MIN_PRODUCTION_TOKEN_BYTES}`,
        fix,
      });
    }
  }
  return faults;
}

function checkOrigins(values: Values): Fault[] {
  const faults: Fault[] = [];
  const lists = [["CORS_ORIGINS", values.CORS_ORIGINS] as const, ["FRAME_ANCESTORS", values.FRAME_ANCESTORS] as const];
  for (const [variable, origins] of lists) {
    if (origins?.includes("*") !== true) continue;
    faults.push({
      variable,
      problem: "has *, which NODE_ENV=production refuses",
      fix: "name the exact origins, for example https://app.example.com",
    });
  }
  return faults;
}
