import { i18n } from "@lingui/core";
import { inLanguage } from "./in-language.js";

const time = inLanguage(
  (locale) => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
);
const full = inLanguage(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short", hourCycle: "h23" }),
);
const dayFormat = (words: "long" | "short", year?: "numeric") =>
  inLanguage(
    (locale) =>
      new Intl.DateTimeFormat(locale, { weekday: words, day: "numeric", month: words, ...(year && { year }) }),
  );
/** Days of this year and of others. */
const LONG = { thisYear: dayFormat("long"), otherYear: dayFormat("long", "numeric") };
const SHORT = { thisYear: dayFormat("short"), otherYear: dayFormat("short", "numeric") };

/** `14:05`. */
export function formatTime(iso: string): string {
  return time().format(new Date(iso));
}

/** Day and time in full, for titles. */
export function formatFull(iso: string): string {
  return full().format(new Date(iso));
}

function dayWords(iso: string, { thisYear, otherYear }: typeof LONG, now: Date): string {
  const day = new Date(iso);
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (day.toDateString() === now.toDateString()) return i18n.t("Today");
  if (day.toDateString() === yesterday.toDateString()) return i18n.t("Yesterday");
  return (day.getFullYear() === now.getFullYear() ? thisYear() : otherYear()).format(day);
}

/** `Today`, `Yesterday`, `Monday, November 23`, and with the year when it is another one. */
export function formatDay(iso: string, now: Date = new Date()): string {
  return dayWords(iso, LONG, now);
}

/** The same where there is little room: `Mon, Nov 23`. */
export function formatShortDay(iso: string, now: Date = new Date()): string {
  return dayWords(iso, SHORT, now);
}
