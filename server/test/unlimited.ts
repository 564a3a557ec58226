/** The environment of servers to which more is sent than a person sends. Tests of the limits say what theirs are. */
export const UNLIMITED = {
  RATE_LIMIT_SENDS: "off",
  RATE_LIMIT_WRITES: "off",
  RATE_LIMIT_UPLOADS: "off",
  RATE_LIMIT_SEARCHES: "off",
  RATE_LIMIT_LOGINS: "off",
} as const;
