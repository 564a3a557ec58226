import { expect, test } from "@jest/globals";
import { pino } from "pino";
import { TestClock } from "../test/clock.js";
import { DomainError } from "./errors.js";
import { Outage, warnOf } from "./outage.js";

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly reason?: string;
  readonly forMs?: number;
  readonly afterMs?: number;
}

function noted() {
  const lines: Line[] = [];
  const write = (line: string): void => {
    const { level, msg, reason, forMs, afterMs } = JSON.parse(line) as Line;
    lines.push({ level, msg, ...(reason && { reason }), ...(forMs && { forMs }), ...(afterMs && { afterMs }) });
  };
  return { lines, logger: pino({ level: "info" }, { write }) };
}

const [WARN, INFO] = [40, 30];

test("an outage is said when it begins, once a minute, and when it ends, however many meet it", () => {
  const { lines, logger } = noted();
  const clock = new TestClock();
  const outage = new Outage({ clock, logger, away: "it is away", back: "it is back" });
  outage.end();
  for (let meets = 0; meets < 1_000; meets += 1) outage.begin("ECONNREFUSED");
  clock.advance(59_999);
  outage.begin("another reason");
  expect(lines).toEqual([{ level: WARN, msg: "it is away", reason: "ECONNREFUSED" }]);
  clock.advance(60_001);
  expect(lines.slice(1)).toEqual([
    { level: WARN, msg: "it is away", reason: "ECONNREFUSED", forMs: 60_000 },
    { level: WARN, msg: "it is away", reason: "ECONNREFUSED", forMs: 120_000 },
  ]);
  outage.end();
  outage.end();
  clock.advance(600_000);
  expect(lines.slice(3)).toEqual([{ level: INFO, msg: "it is back", afterMs: 120_000 }]);
  outage.begin("ECONNRESET");
  expect(lines).toHaveLength(5);
  expect(clock.pending).toBe(1);
});

test("of one that nobody needs any more nothing is said", () => {
  const { lines, logger } = noted();
  const clock = new TestClock();
  const outage = new Outage({ clock, logger, away: "it is away", back: "it is back" });
  outage.begin("ECONNREFUSED");
  outage.forget();
  outage.end();
  clock.advance(600_000);
  expect([lines.length, clock.pending]).toEqual([1, 0]);
});

test("what fails because the database is away is no warning, and whatever else fails is one", () => {
  const { lines, logger } = noted();
  warnOf(logger, Object.assign(new Error("Connection terminated"), { code: "ECONNRESET" }), "not noted");
  warnOf(logger, new DomainError("UNAVAILABLE", "Try again."), "not noted");
  expect(lines).toEqual([]);
  warnOf(logger, new TypeError("a fault of ours"), "not noted");
  warnOf(
    logger,
    Object.assign(new Error("canceling statement due to statement timeout"), { code: "57014" }),
    "too slow",
  );
  expect(lines).toEqual([
    { level: WARN, msg: "not noted" },
    { level: WARN, msg: "too slow" },
  ]);
});
