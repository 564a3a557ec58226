import { afterEach, describe, expect, it } from "@jest/globals";
import { cleanup, render } from "@testing-library/react";
import { summariseUnread } from "../features/rooms/unread-summary.js";
import { usePageTitle, useTitleCount } from "./use-page-title.js";

type Rooms = Parameters<typeof summariseUnread>[0];

function Tab({ title, rooms }: { readonly title: string | null; readonly rooms: Rooms }) {
  useTitleCount(summariseUnread(rooms));
  usePageTitle(title);
  return null;
}

const group = (unreadCount: number, unreadMentionCount = 0) =>
  ({ type: "GROUP", unreadCount, unreadMentionCount }) as const;
const direct = (unreadCount: number) => ({ type: "DIRECT", unreadCount, unreadMentionCount: 0 }) as const;

afterEach(cleanup);

describe("the tab", () => {
  it("counts mentions and direct messages of all rooms, and marks other unread ones with a dot", () => {
    const view = render(<Tab title="Design" rooms={[group(7, 2), direct(1), group(3)]} />);
    expect(document.title).toBe("(3) Design - Parley");
    view.rerender(<Tab title="Design" rooms={[group(7), direct(0)]} />);
    expect(document.title).toBe("• Design - Parley");
    view.rerender(<Tab title={null} rooms={[group(0)]} />);
    expect(document.title).toBe("Parley");
  });

  it("counts nothing any more when one has logged out", () => {
    const view = render(<Tab title="Design" rooms={[direct(2)]} />);
    view.unmount();
    expect(document.title).toBe("Design - Parley");
  });
});
