import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { NoticeHost } from "./notice-host.js";
import { notices } from "./notices.js";

afterEach(cleanup);

describe("notices", () => {
  it("are shown once each, also those that were said before anything could show them", async () => {
    notices.error("The network is gone.");
    render(<NoticeHost />);
    await screen.findByText("The network is gone.");
    notices.success("It is back.");
    await screen.findByText("It is back.");
    expect(screen.getAllByText("The network is gone.")).toHaveLength(1);
  });

  it("ask before something is done that can’t be taken back", async () => {
    render(<NoticeHost />);
    const onOk = jest.fn(async () => undefined);
    notices.ask({ title: "Delete it?", content: "It will be gone.", okText: "Delete", onOk });
    await screen.findByText("It will be gone.");
    expect(onOk).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(onOk).toHaveBeenCalledTimes(1));
  });
});
