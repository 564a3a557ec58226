import type { MessagePage } from "../../features/reactions/message-list.queries.js";

/** The `Link` header of a page of messages: the same address with another place to go on from. */
export function linksTo(url: URL, { messages, hasOlder, hasNewer }: MessagePage): Readonly<Record<string, string>> {
  const [first, last] = [messages[0], messages.at(-1)];
  const links = [
    ...(hasOlder && first !== undefined ? [link(url, "prev", { before: first.id })] : []),
    ...(hasNewer && last !== undefined ? [link(url, "next", { after: last.id })] : []),
  ];
  return links.length === 0 ? {} : { link: links.join(", ") };
}

function link(url: URL, rel: "prev" | "next", place: Readonly<Record<string, number>>): string {
  const target = new URL(url);
  for (const name of ["before", "after"]) target.searchParams.delete(name);
  for (const [name, id] of Object.entries(place)) target.searchParams.set(name, String(id));
  return `<${target.href}>; rel="${rel}"`;
}
