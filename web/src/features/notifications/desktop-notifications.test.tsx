import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { act, cleanup, render, screen } from "@testing-library/react";
import { MemoryRouter, useLocation } from "react-router";
import { createChat } from "../../test/chat.js";
import { ChatContext, type Attention } from "../session/chat.context.js";
import { DesktopNotifications } from "./desktop-notifications.js";
import { createNotificationSetting, notificationSetting } from "./notification-setting.js";

/** The browser's notifications, with what was shown. */
class FakeNotification {
  static permission: NotificationPermission = "default";
  static answer: NotificationPermission = "granted";
  static shown: FakeNotification[] = [];
  static async requestPermission(): Promise<NotificationPermission> {
    FakeNotification.permission = FakeNotification.answer;
    return FakeNotification.answer;
  }
  onclick: (() => void) | null = null;
  constructor(
    readonly title: string,
    readonly options: NotificationOptions,
  ) {
    FakeNotification.shown.push(this);
  }
  close(): void {}
}

const MENTION: Attention = {
  kind: "attention",
  roomId: "1",
  messageId: "42",
  author: "Jane Smith",
  roomName: "Design",
  text: "Look, @john",
};

function Address() {
  return <output>{useLocation().pathname}</output>;
}

function renderNotifications() {
  const chat = createChat();
  render(
    <MemoryRouter>
      <ChatContext value={chat}>
        <DesktopNotifications />
        <Address />
      </ChatContext>
    </MemoryRouter>,
  );
  return { hear: (attention: Attention) => act(async () => chat.attention.set(attention)) };
}

const titles = (): string[] => FakeNotification.shown.map(({ title }) => title);
let looking: ReturnType<typeof jest.spyOn>;

beforeEach(() => {
  Object.assign(globalThis, { Notification: FakeNotification });
  Object.assign(FakeNotification, { permission: "default", answer: "granted", shown: [] });
  window.localStorage.clear();
  window.focus = () => undefined;
  looking = jest.spyOn(document, "hasFocus").mockReturnValue(false);
  notificationSetting.refresh();
});

afterEach(() => {
  cleanup();
  looking.mockRestore();
});

describe("desktop notifications", () => {
  it("tell of a mention and of a direct message, and lead to it", async () => {
    await notificationSetting.turnOn();
    const { hear } = renderNotifications();
    await hear(MENTION);
    await hear({ ...MENTION, messageId: "43", roomName: null });
    expect(titles()).toEqual(["Jane Smith in Design", "Jane Smith"]);
    expect(FakeNotification.shown[0]?.options).toMatchObject({ body: "Look, @john", tag: "parley.message.42" });
    act(() => FakeNotification.shown[0]?.onclick?.());
    expect(screen.getByRole("status").textContent).toBe("/rooms/1/messages/42");
  });

  it("are silent while somebody looks at the page", async () => {
    await notificationSetting.turnOn();
    const { hear } = renderNotifications();
    looking.mockReturnValue(true);
    await hear(MENTION);
    expect(titles()).toEqual([]);
  });

  it("are shown to nobody who did not ask for them, or turned them off", async () => {
    const { hear } = renderNotifications();
    await hear(MENTION);
    await notificationSetting.turnOn();
    notificationSetting.turnOff();
    await hear({ ...MENTION });
    expect(titles()).toEqual([]);
  });
});

describe("the choice about notifications", () => {
  it("is kept, and says when the browser forbids them", async () => {
    expect(notificationSetting.state.get()).toBe("off");
    await notificationSetting.turnOn();
    expect(createNotificationSetting(window.localStorage).state.get()).toBe("on");
    FakeNotification.permission = "denied";
    notificationSetting.refresh();
    expect(notificationSetting.state.get()).toBe("blocked");
  });

  it("is not on when the browser was asked and said no", async () => {
    FakeNotification.answer = "denied";
    await notificationSetting.turnOn();
    expect(notificationSetting.state.get()).toBe("blocked");
  });

  it("is not offered where there are none", () => {
    Reflect.deleteProperty(globalThis, "Notification");
    expect(createNotificationSetting(window.localStorage).state.get()).toBe("unsupported");
  });
});
