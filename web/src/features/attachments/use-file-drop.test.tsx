import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { cleanup, createEvent, fireEvent, render, screen } from "@testing-library/react";
import { useFileDrop } from "./use-file-drop.js";

afterEach(cleanup);

function Room({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const drop = useFileDrop(onFiles);
  return (
    <main {...drop.handlers}>
      {drop.isOver && <p>Drop files here</p>}
      <p>A message</p>
    </main>
  );
}

const dragged = (types: readonly string[], files: readonly File[] = []) => ({ dataTransfer: { types, files } });

function renderRoom() {
  const onFiles = jest.fn<(files: readonly File[]) => void>();
  render(<Room onFiles={onFiles} />);
  return { onFiles, room: screen.getByRole("main"), message: screen.getByText("A message") };
}

describe("files over a room", () => {
  it("are invited while they are anywhere over it, and no longer", () => {
    const { room, message } = renderRoom();
    fireEvent.dragEnter(room, dragged(["Files"]));
    fireEvent.dragEnter(message, dragged(["Files"]));
    fireEvent.dragLeave(room, dragged(["Files"]));
    expect(screen.queryByText("Drop files here")).not.toBeNull();
    fireEvent.dragLeave(message, dragged(["Files"]));
    expect(screen.queryByText("Drop files here")).toBeNull();
  });

  it("are taken when they are dropped", () => {
    const { onFiles, room, message } = renderRoom();
    const file = new File(["x"], "a.txt");
    fireEvent.dragEnter(room, dragged(["Files"]));
    fireEvent.drop(message, dragged(["Files"], [file]));
    expect(onFiles).toHaveBeenCalledWith([file]);
    expect(screen.queryByText("Drop files here")).toBeNull();
  });

  it("are refused beside it, so that they do not take the place of the page", () => {
    const { onFiles } = renderRoom();
    const stray = createEvent.drop(document.body, dragged(["Files"]));
    fireEvent(document.body, stray);
    expect(stray.defaultPrevented).toBe(true);
    expect(onFiles).not.toHaveBeenCalled();
  });

  it("are not what words are that somebody drags", () => {
    const { onFiles, room } = renderRoom();
    fireEvent.dragEnter(room, dragged(["text/plain"]));
    const drop = createEvent.drop(room, dragged(["text/plain"]));
    fireEvent(room, drop);
    expect(drop.defaultPrevented).toBe(false);
    expect(screen.queryByText("Drop files here")).toBeNull();
    expect(onFiles).not.toHaveBeenCalled();
  });
});
