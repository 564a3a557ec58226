import { afterEach, describe, expect, it } from "@jest/globals";
import { createKeptChoice } from "./kept-choice.js";

const COLOUR = { key: "colour", parse: (value: string | null) => (value === "red" ? "red" : "blue") } as const;

afterEach(() => window.localStorage.clear());

describe("a kept choice", () => {
  it("is there again at the next visit", () => {
    createKeptChoice<string>(window.localStorage, COLOUR).set("red");
    expect(createKeptChoice<string>(window.localStorage, COLOUR).get()).toBe("red");
  });

  it("is the default when what was kept can't be read", () => {
    window.localStorage.setItem("colour", "{}");
    expect(createKeptChoice<string>(window.localStorage, COLOUR).get()).toBe("blue");
  });

  it("follows another tab", () => {
    const store = createKeptChoice<string>(window.localStorage, COLOUR);
    const storageArea = window.localStorage;
    window.dispatchEvent(new StorageEvent("storage", { key: "colour", newValue: "red", storageArea }));
    expect(store.get()).toBe("red");
    window.dispatchEvent(new StorageEvent("storage", { key: "other", newValue: "blue", storageArea }));
    expect(store.get()).toBe("red");
    window.dispatchEvent(new StorageEvent("storage", { key: null, newValue: null, storageArea }));
    expect(store.get()).toBe("blue");
  });
});
