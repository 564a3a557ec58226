import { describe, expect, it } from "@jest/globals";
import { createMentionFinder, isMentionable, mentionedIn, nameMentioned, type Mentioned } from "./mention.js";

const jane: Mentioned = { id: "2", chatUsername: "jane", chatDisplayName: "Jane Smith" };
const dotted: Mentioned = { id: "3", chatUsername: "mary-ann.lee", chatDisplayName: "Mary" };

function mentionsIn(content: string, mentioned: readonly Mentioned[]): string[] {
  const parts = createMentionFinder(content, mentioned)(content);
  expect(parts.map((part) => part.text).join("")).toBe(content);
  return parts.flatMap((part) => (part.kind === "mention" ? [`${part.text}=${part.user.id}`] : []));
}

describe("mentions in a text", () => {
  it("are found in any case, and before the signs that end a sentence", () => {
    expect(mentionsIn("Ask @Jane. Or @JANE! Or @mary-ann.lee.", [jane, dotted])).toEqual([
      "@Jane=2",
      "@JANE=2",
      "@mary-ann.lee=3",
    ]);
  });

  it("are only of people whom the server found", () => {
    expect(mentionsIn("@jane @nobody @janet x@jane.example @@jane", [jane])).toEqual(["@jane=2"]);
    expect(mentionsIn("@jane", [])).toEqual([]);
  });

  it("are still those of somebody who has another username now", () => {
    expect(mentionsIn("@jane and @mary", [jane, { ...dotted, chatUsername: "mal" }])).toEqual(["@jane=2", "@mary=3"]);
    const both = [
      { ...jane, chatUsername: "j" },
      { ...dotted, chatUsername: null },
    ];
    expect(mentionsIn("@jane and @mary", both)).toEqual([]);
  });
});

describe("a message without marks", () => {
  it("has people's present names in the place of those that were typed", () => {
    expect(nameMentioned("Thanks, @Jane and @nobody", "Thanks, **@Jane** and @nobody", [jane])).toBe(
      "Thanks, @Jane Smith and @nobody",
    );
    expect(nameMentioned("@jane", "@jane", [{ ...jane, chatDisplayName: null }])).toBe("@Deleted user");
  });
});

describe("a message that is not sent yet", () => {
  it("mentions the people of the room whose usernames it has", () => {
    const people = [
      { id: "2", username: "Jane", name: "Jane Smith" },
      { id: "3", username: "bob", name: "Bob Stone" },
    ];
    expect(mentionedIn("Look, @jane. And x@bob", people)).toEqual([{ ...jane, chatUsername: "Jane" }]);
  });
});

describe("a username", () => {
  it("can be mentioned when it is one word", () => {
    expect(["jane", "mary-ann.lee", "größe_2"].map(isMentionable)).toEqual([true, true, true]);
    expect(["jane smith", "jane.", "@jane", ""].map(isMentionable)).toEqual([false, false, false, false]);
  });
});
