/** @jest-environment node */
import { afterEach, describe, expect, it } from "@jest/globals";
import { createBrowserTabs, type Membership, type TabMessage } from "./outbox-tabs.js";

const open: Membership[] = [];

/** A tab with the platform's own locks and channels. */
function openTab(userId: string) {
  const leads: boolean[] = [];
  const heard: TabMessage[] = [];
  let wake = (): void => undefined;
  const changed = async (isDone: () => boolean): Promise<void> => {
    while (!isDone()) await new Promise<void>((resolve) => (wake = resolve));
  };
  const tabs = createBrowserTabs({ locks: navigator.locks, openChannel: (name) => new BroadcastChannel(name) });
  const membership = tabs.join(userId, {
    onLead: (isLeading) => {
      leads.push(isLeading);
      wake();
    },
    onMessage: (message) => {
      heard.push(message);
      wake();
    },
  });
  open.push(membership);
  return {
    ...membership,
    leads,
    heard,
    leadsNow: (isLeading: boolean) => changed(() => leads.at(-1) === isLeading),
    hears: (kind: TabMessage["kind"]) => changed(() => heard.some((message) => message.kind === kind)),
  };
}

afterEach(() => {
  for (const membership of open.splice(0)) membership.leave();
});

describe("the tabs of a browser", () => {
  it("have one that sends, and another one when it is closed", async () => {
    const first = openTab("1");
    await first.leadsNow(true);
    const second = openTab("1");
    await first.hears("hello");
    expect(second.leads).toEqual([]);
    first.leave();
    await second.leadsNow(true);
  });

  it("tell each other what happens, and nothing to those of another user", async () => {
    const first = openTab("2");
    const other = openTab("3");
    const second = openTab("2");
    await first.hears("hello");
    second.post({ kind: "changed" });
    await first.hears("changed");
    expect(second.heard).toEqual([]);
    expect(other.heard).toEqual([]);
    await other.leadsNow(true);
  });

  it("can take the sending away from one that does not answer, which waits for its turn again", async () => {
    const first = openTab("4");
    await first.leadsNow(true);
    const second = openTab("4");
    second.takeOver();
    await second.leadsNow(true);
    await first.leadsNow(false);
    second.leave();
    await first.leadsNow(true);
    expect(first.leads).toEqual([true, false, true]);
  });

  it("all send where there are no locks", () => {
    const bare = createBrowserTabs({ locks: undefined, openChannel: (name) => new BroadcastChannel(name) });
    const leads: boolean[] = [];
    for (const _ of [1, 2])
      open.push(bare.join("5", { onLead: (isLeading) => void leads.push(isLeading), onMessage: () => undefined }));
    expect(leads).toEqual([true, true]);
  });

  it("say nothing any more once they have been left", async () => {
    const first = openTab("6");
    const second = openTab("6");
    await first.hears("hello");
    second.leave();
    expect(() => second.post({ kind: "changed" })).not.toThrow();
  });
});
