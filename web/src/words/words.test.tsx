import { i18n } from "@lingui/core";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { act, render, screen } from "@testing-library/react";
import { useState } from "react";
import { formatSize } from "../features/attachments/attachment-words.js";
import { formatDay } from "../ui/dates.js";
import german from "./de.json" with { type: "json" };
import { Spoken, SpeechProvider } from "./speech.context.js";
import { createSpeech, languageFor, parseCatalogue, type Loaders } from "./words.js";

const loaders: Loaders = {
  en: () => ({ messages: {}, antd: undefined }),
  de: async () => ({ messages: parseCatalogue(german), antd: { locale: "de" } }),
};
const unreachable: Loaders = { ...loaders, de: () => Promise.reject(new TypeError("Failed to fetch")) };

beforeEach(() => window.localStorage.clear());
afterEach(() => i18n.loadAndActivate({ locale: "en", messages: {} }));

describe("the language of the client", () => {
  it.each([
    ["system", ["de-CH", "en"], "de"],
    ["system", ["fr", "de", "en"], "de"],
    ["system", ["en-GB", "de"], "en"],
    ["system", ["ja"], "en"],
    ["system", [], "en"],
    ["de", ["en"], "de"],
  ] as const)("for the choice %p of somebody who reads %p is %p", (choice, wanted, language) => {
    expect(languageFor(choice, wanted)).toBe(language);
  });

  it("is the one that was chosen, at the next visit too, and the page says so", async () => {
    const speech = createSpeech(window.localStorage, loaders);
    await speech.ready;
    expect(document.documentElement.lang).toBe("en");
    await act(async () => speech.choice.set("de"));
    expect(i18n.t("Log out")).toBe("Abmelden");
    expect(document.documentElement.lang).toBe("de");
    const next = createSpeech(window.localStorage, loaders);
    await next.ready;
    expect([next.choice.get(), i18n.locale, next.antd.get()?.locale]).toEqual(["de", "de", "de"]);
  });

  it("stays English when another one can't be loaded", async () => {
    window.localStorage.setItem("parley.language", "de");
    await createSpeech(window.localStorage, unreachable).ready;
    expect([i18n.locale, i18n.t("Log out")]).toEqual(["en", "Log out"]);
  });

  it("writes dates and numbers too", async () => {
    const now = new Date(2026, 10, 23);
    const before = new Date(2026, 9, 3).toISOString();
    expect([formatDay(before, now), formatSize(1_250_000)]).toEqual(["Saturday, October 3", "1.2 MB"]);
    const speech = createSpeech(window.localStorage, loaders);
    speech.choice.set("de");
    await act(async () => speech.ready);
    expect([formatDay(before, now), formatSize(1_250_000)]).toEqual(["Samstag, 3. Oktober", "1,2 MB"]);
  });

  it("changes at once in everything that is spoken", async () => {
    const speech = createSpeech(window.localStorage, loaders);
    function Kept() {
      const [words] = useState(() => i18n.t("Log out"));
      return <p>{words}</p>;
    }
    render(
      <SpeechProvider speech={speech}>
        <Spoken>
          <Kept />
        </Spoken>
      </SpeechProvider>,
    );
    expect(screen.queryByText("Log out")).not.toBeNull();
    await act(async () => speech.choice.set("de"));
    expect(screen.queryByText("Abmelden")).not.toBeNull();
  });
});
