import { createStore, type Store } from "../../lib/store.js";

/** Whether this browser shows notifications: it can't, its user forbade it, they are wanted, or not (yet). */
export type NotificationState = "unsupported" | "blocked" | "on" | "off";

const KEY = "parley.notifications";

/** The choice about desktop notifications, kept in this browser. */
export interface NotificationSetting {
  readonly state: Store<NotificationState>;
  /** Asks the browser if need be; only ever after a click. */
  readonly turnOn: () => Promise<void>;
  readonly turnOff: () => void;
  /** Looks again what the browser allows: that may have been changed in its own settings. */
  readonly refresh: () => void;
}

function readState(storage: Storage): NotificationState {
  if (typeof Notification === "undefined") return "unsupported";
  if (Notification.permission === "denied") return "blocked";
  return Notification.permission === "granted" && storage.getItem(KEY) === "on" ? "on" : "off";
}

/** The setting over a browser's storage. */
export function createNotificationSetting(storage: Storage): NotificationSetting {
  const state = createStore(readState(storage));
  const refresh = (): void => state.set(readState(storage));
  const choose = (choice: "on" | "off"): void => {
    storage.setItem(KEY, choice);
    refresh();
  };
  return {
    state,
    refresh,
    turnOn: async () => {
      await Notification.requestPermission();
      choose("on");
    },
    turnOff: () => choose("off"),
  };
}

export const notificationSetting = createNotificationSetting(window.localStorage);
