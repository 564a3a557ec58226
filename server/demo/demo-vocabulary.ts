import type { Random } from "./demo-random.js";
import type { Slots } from "./demo-talk.js";

/** What the people of the demo talk about. */
const vocabulary = {
  feature: [
    "the export dialog",
    "the onboarding checklist",
    "saved filters",
    "the activity feed",
    "CSV import",
    "dark mode",
    "the billing page",
    "keyboard shortcuts",
    "the project switcher",
    "e-mail digests",
    "guest access",
    "the timeline view",
    "bulk edit",
    "the audit log",
    "two-factor login",
    "the new search bar",
  ],
  bug: [
    "the double toast after saving",
    "the empty report for new accounts",
    "the flicker when the sidebar opens",
    "the 502 on large exports",
    "the wrong time zone in invites",
    "the lost focus in the date picker",
    "the duplicate webhook calls",
    "the stuck spinner on the billing page",
    "the broken avatar upload",
    "the off-by-one in the week view",
    "the slow first load of the dashboard",
    "the missing line breaks in comments",
  ],
  service: [
    "the API",
    "the worker",
    "the mailer",
    "the importer",
    "the scheduler",
    "the webhook relay",
    "the search service",
  ],
  customer: ["Larkspur", "Brightwater", "Halden", "Quillworks", "Fernhill", "Tidewater", "Ashgrove"],
  file: [
    "export.worker.ts",
    "invite.mail.ts",
    "report.queries.ts",
    "import.parser.ts",
    "session.store.ts",
    "billing.page.tsx",
    "webhook.sender.ts",
  ],
  table: ["invoice", "project_member", "activity", "attachment", "saved_filter"],
  branch: ["export", "invites", "week-view", "digest", "guest-access"],
  test: [
    "shows the total of the report",
    "keeps the focus after saving",
    "sends one webhook for each change",
    "imports a file of 10,000 rows",
  ],
  day: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
  hour: ["09:30", "10:15", "11:00", "11:45", "13:30", "14:00", "15:15", "16:00"],
} as const;

/** Apollo's releases while its team talks; the last one is about to come. */
const releases = ["2.14.1", "2.15.0", "2.15.1", "2.16.0", "2.16.1", "2.17.0", "2.17.1", "2.18.0"] as const;
const FIRST_PR = 1_180;
const LAST_PR = 1_612;
const FIRST_CARD = 540;
const LAST_CARD = 873;

/**
 * What one conversation is about.
 * @param progress how far the history is, from 0 to 1: the numbers of releases, reviews and cards rise with it
 */
export function slotsAt(progress: number, random: Random): Slots {
  const along = (first: number, last: number): number => Math.round(first + (last - first) * progress);
  const release = Math.min(Math.floor(progress * (releases.length - 1)), releases.length - 2);
  const pr = along(FIRST_PR, LAST_PR) + random.between(0, 4);
  const topics = Object.entries(vocabulary).map(([name, words]) => [name, random.pick(words)]);
  return {
    ...Object.fromEntries(topics),
    version: releases[release] ?? releases[0],
    next: releases[release + 1] ?? releases[0],
    pr: `#${pr}`,
    pr2: `#${pr - random.between(3, 40)}`,
    card: String(along(FIRST_CARD, LAST_CARD) - random.between(0, 20)),
    n: String(random.between(2, 9)),
    big: String(random.between(12, 60)),
    pct: `${random.between(3, 30)} %`,
    slow: `${random.between(11, 48) / 10} s`,
    fast: `${random.between(12, 62) * 10} ms`,
  };
}
