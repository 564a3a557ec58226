import { afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { ApolloClient, ApolloLink } from "@apollo/client";
import { ApolloProvider, useFragment } from "@apollo/client/react";
import { act, cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { MemoryRouter, Route, Routes } from "react-router";
import { of } from "rxjs";
import { chatFor } from "../../test/chat.js";
import { cacheWith, JANE, JOHN, messageOf, participantOf, at, pictureOf } from "../../test/events.js";
import { applyEvent } from "../events/apply-event.js";
import { MessageRowDocument } from "../messages/message-row.js";
import { ChatContext } from "../session/chat.context.js";
import { LightboxHost } from "./lightbox-host.js";
import { AttachmentView } from "./attachment-view.js";

// The large view is a chunk of its own: how long it takes to come is the machine's matter.
beforeAll(() => import("./lightbox.js"));
afterEach(cleanup);

function Shown() {
  const { data, complete } = useFragment({
    fragment: MessageRowDocument,
    fragmentName: "MessageRow",
    from: "ChatMessage:1",
  });
  return complete && data.attachment ? <AttachmentView messageId="1" attachment={data.attachment} /> : null;
}

/** Takes the row off the screen, and leaves the message's file where it is. */
function hideRow(cache: ReturnType<typeof cacheWith>): void {
  cache.evict({ id: "ChatMessage:1", fieldName: "createdAt" });
}

/** A picture of room 1 on the screen, and a server that answers with the addresses of a generation. */
function showPicture(answeredGeneration: number) {
  let asked = 0;
  const link = new ApolloLink(() => {
    asked += 1;
    const attachment = pictureOf("plan.png", answeredGeneration);
    return of({ data: { chatMessage: { __typename: "ChatMessage", id: "1", attachment } } });
  });
  const cache = cacheWith([messageOf(1, JANE, 0, { content: "", type: "IMAGE", attachment: pictureOf("plan.png") })]);
  const client = new ApolloClient({ cache, link, dataMasking: true });
  render(
    <ChatContext value={chatFor(client)}>
      <ApolloProvider client={client}>
        <MemoryRouter initialEntries={["/rooms/1"]}>
          <Routes>
            <Route path="/rooms/:roomId" element={<Shown />} />
          </Routes>
          <LightboxHost />
        </MemoryRouter>
      </ApolloProvider>
    </ChatContext>,
  );
  const source = (): string | null => screen.getByRole("img", { name: "plan.png" }).getAttribute("src");
  return { cache, source, asked: () => asked };
}

describe("a picture in a room", () => {
  it("occupies its place before it has come", () => {
    showPicture(1);
    const image = screen.getByRole("img", { name: "plan.png" });
    expect([image.getAttribute("width"), image.getAttribute("height")]).toEqual(["360", "270"]);
    expect(image.getAttribute("loading")).toBe("lazy");
  });

  it("stays open large when its row has gone out of sight", async () => {
    const { cache } = showPicture(1);
    fireEvent.click(screen.getByRole("button", { name: "plan.png" }));
    const dialog = await screen.findByRole("dialog");
    act(() => hideRow(cache));
    await waitFor(() => expect(screen.queryByRole("button", { name: "plan.png" })).toBeNull());
    expect(within(dialog).getByRole("img", { name: "plan.png" }).getAttribute("src")).toBe(
      "/media/plan.png?generation=1",
    );
  });

  it("is fetched under a new address when the old one has ended", async () => {
    const { source, asked } = showPicture(2);
    fireEvent.error(screen.getByRole("img"));
    await waitFor(() => expect(source()).toBe("/media/plan.png.thumb.webp?generation=2"));
    expect(asked()).toBe(1);
  });

  it("says so when it can’t be had at all, and tries again when told to", async () => {
    const { source, asked } = showPicture(1);
    fireEvent.error(screen.getByRole("img"));
    await screen.findByText("The picture could not be loaded.");
    expect(asked()).toBe(1);
    fireEvent.click(screen.getByRole("button", { name: "Load again" }));
    expect(source()).toBe("/media/plan.png.thumb.webp?generation=1");
  });

  it("gets a new address when somebody was removed from the room", async () => {
    const { cache, source } = showPicture(2);
    act(() => {
      applyEvent(
        cache,
        {
          __typename: "ChatParticipantRemoved",
          cursor: "c",
          seq: 11,
          roomId: "1",
          participant: participantOf(2, JANE),
          owner: { __typename: "User", id: "1" },
          room: { __typename: "ChatRoomActivity", id: "1", updatedAt: at(3) },
        },
        { id: JOHN.id },
      );
    });
    await waitFor(() => expect(source()).toBe("/media/plan.png.thumb.webp?generation=2"));
  });
});
