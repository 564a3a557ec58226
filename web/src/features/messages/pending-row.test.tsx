import { afterEach, expect, it } from "@jest/globals";
import { ApolloProvider } from "@apollo/client/react";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import { createMemoryStorage } from "../../lib/outbox-storage.js";
import { Outbox } from "../../lib/outbox.js";
import { createChat } from "../../test/chat.js";
import { cacheWith } from "../../test/events.js";
import { FILE } from "../../test/outbox.js";
import { ChatContext } from "../session/chat.context.js";
import { PendingRow } from "./pending-row.js";

afterEach(cleanup);

/** The row of what waits first in this chat's outbox. */
function renderFirst(chat: ReturnType<typeof createChat>): void {
  const [entry] = chat.outbox.entries.get();
  if (!entry) throw new Error("Nothing waits");
  render(
    <ApolloProvider client={chat.client}>
      <ChatContext value={chat}>
        <PendingRow entry={entry} startsGroup isTabStop={false} />
      </ChatContext>
    </ApolloProvider>,
  );
}

it("one's own message names the people of the room before the server has found them in it", async () => {
  const chat = createChat(cacheWith([]));
  void chat.outbox.add("1", "Look, @jane and @nobody");
  renderFirst(chat);
  expect(screen.getByTitle("@jane").textContent).toBe("@Jane Smith");
  expect(screen.getByRole("article").textContent).toContain("Look, @Jane Smith and @nobody");
});

it("a file that waits for the network says so and shows no progress, however much of it had left", async () => {
  const send: ConstructorParameters<typeof Outbox>[0]["send"] = async (_message, { onProgress }) => {
    onProgress(1);
    throw new TypeError("Failed to fetch");
  };
  const outbox = new Outbox({ userId: "1", storage: createMemoryStorage(), send });
  const chat = { ...createChat(cacheWith([])), outbox };
  void outbox.add("1", "", { file: FILE });
  await waitFor(() => expect(outbox.entries.get()[0]?.state).toBe("waiting"));
  renderFirst(chat);
  screen.getByText("Waiting for the network …");
  expect(screen.queryByRole("progressbar")).toBeNull();
});
