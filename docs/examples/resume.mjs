// Jane reads a room, is away while John writes, and comes back: she gets precisely what she missed.
// Run it beside a server in demo mode: npx node docs/examples/resume.mjs
import { connect, logIn, request, say } from "./client.mjs";

const SNAPSHOT = `
  query Snapshot($id: ID!) {
    chatRoom(id: $id) { headCursor messages(last: 10) { nodes { id content } } }
  }`;

const EVENTS = `
  subscription Events($roomId: ID!, $after: String) {
    chatRoomEvents(roomId: $roomId, after: $after) {
      __typename
      cursor
      seq
      ... on ChatMessageSent { message { content } }
    }
  }`;

const SEND = `
  mutation Send($input: SendChatMessageInput!) {
    sendChatMessage(input: $input) { message { id } }
  }`;

const [john, jane] = await Promise.all([logIn(1), logIn(2)]);
const roomId = "1";
const sendAs = (token, content) =>
  request(token, SEND, { input: { roomId, content, clientMutationId: crypto.randomUUID() } });

// Where the snapshot ends, the stream begins: nothing lies between the two.
const { chatRoom } = await request(jane, SNAPSHOT, { id: roomId });
let resumePoint = chatRoom.headCursor;

// Nobody listens now.
const missed = ["One", "Two", "Three"];
for (const content of missed) await sendAs(john, content);

const socket = connect(jane);
const seen = [];
for await (const { data, errors } of socket.iterate({ query: EVENTS, variables: { roomId, after: resumePoint } })) {
  if (errors) throw new Error(errors[0].message);
  const event = data.chatRoomEvents;
  if (event.__typename !== "ChatMessageSent") continue;
  seen.push(event.message.content);
  // The point to resume from is what was handled, never how far the room is.
  resumePoint = event.cursor;
  say(`seq ${event.seq}: ${event.message.content}`);
  if (seen.length === missed.length) break;
}
await socket.dispose();

if (seen.join() !== missed.join()) throw new Error(`Expected ${missed.join()}, saw ${seen.join()}`);
