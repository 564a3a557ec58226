import type en from "./en.json";

// What is not in the catalogue does not compile.
declare module "@lingui/core" {
  interface Register {
    messageIds: keyof (typeof en)["messages"];
  }
}
