import { beforeEach, describe, expect, it } from "@jest/globals";
import { createSessionStore } from "./session.store.js";

const KEY = "parley.token";

beforeEach(() => window.sessionStorage.clear());

describe("the session", () => {
  it("takes a token, keeps it for a reload, and forgets it when it is refused", () => {
    const session = createSessionStore(window.sessionStorage);
    session.logIn("a.b-c_d");
    expect(createSessionStore(window.sessionStorage).get()).toEqual({ token: "a.b-c_d", end: "none" });
    session.expire("a.b-c_d");
    expect(session.get()).toEqual({ token: null, end: "expired" });
    expect(window.sessionStorage.getItem(KEY)).toBeNull();
  });

  it.each(["tökén", "two words", "a\nb", "“quoted”"])(
    "does not begin with a token that no header carries: %j",
    (token) => {
      const session = createSessionStore(window.sessionStorage);
      session.logIn(token);
      expect(session.get()).toEqual({ token: null, end: "unusable" });
      expect(window.sessionStorage.getItem(KEY)).toBeNull();
    },
  );

  it("says so as well of one that it kept", () => {
    window.sessionStorage.setItem(KEY, "tökén");
    expect(createSessionStore(window.sessionStorage).get()).toEqual({ token: null, end: "unusable" });
  });
});
