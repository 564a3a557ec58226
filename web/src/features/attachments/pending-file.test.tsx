import { afterEach, expect, it } from "@jest/globals";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { createChat } from "../../test/chat.js";
import { at } from "../../test/events.js";
import { ChatContext } from "../session/chat.context.js";
import { AttachmentTray } from "./attachment-tray.js";
import { PendingFile } from "./pending-file.js";

afterEach(cleanup);
Object.assign(URL, { createObjectURL: () => "blob:picture", revokeObjectURL: () => undefined });

function fileOf(contentType: string) {
  return { name: "dance", contentType, blob: new Blob(["x"], { type: contentType }), width: 320, height: 200 };
}

/** One's own picture on its way. */
function showPending(contentType: string) {
  const file = fileOf(contentType);
  const entry = { clientMutationId: contentType, roomId: "1", content: "", createdAt: at(0), file };
  render(
    <ChatContext value={createChat()}>
      <PendingFile entry={{ ...entry, reason: null, isKept: true, state: "sending" }} file={file} />
    </ChatContext>,
  );
  return screen.getByRole("img", { name: "dance" });
}

it("one’s own picture that moves stands still while it is on its way, but while it is pointed at or has the focus", () => {
  const still = showPending("image/gif");
  expect(still.tagName).toBe("CANVAS");
  fireEvent.focus(still);
  expect(screen.getByRole("img", { name: "dance" }).getAttribute("src")).toBe("blob:picture");
  fireEvent.blur(screen.getByRole("img", { name: "dance" }));
  expect(screen.getByRole("img", { name: "dance" }).tagName).toBe("CANVAS");
});

it("any other of one’s own is shown as it is", () => {
  expect(showPending("image/png").getAttribute("src")).toBe("blob:picture");
});

it("one that is chosen to be sent stands still, too", () => {
  const item = (type: string) => ({
    clientMutationId: type,
    roomId: "1",
    file: fileOf(type),
    previewUrl: "blob:preview",
    keeping: "kept" as const,
  });
  const files = [item("image/gif"), item("image/png")];
  const nothing = () => undefined;
  const actions = { add: nothing, remove: nothing, dismiss: nothing, take: () => [], onPaste: nothing };
  const { container } = render(<AttachmentTray tray={{ files, problems: [], isReading: false, ...actions }} />);
  expect([...container.querySelectorAll(".tray-picture")].map(({ tagName }) => tagName)).toEqual(["CANVAS", "IMG"]);
});
