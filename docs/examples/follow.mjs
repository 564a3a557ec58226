// Jane follows everything that happens to her; John writes to her; she sees it arrive.
// Run it beside a server in demo mode: npx node docs/examples/follow.mjs
import { connect, logIn, request, say } from "./client.mjs";

const EVENTS = `
  subscription Events($after: [String!]) {
    chatEvents(after: $after) {
      __typename
      cursor
      ... on ChatMessageSent { message { content user { chatDisplayName } room { displayName } } }
    }
  }`;

const SEND = `
  mutation Send($input: SendChatMessageInput!) {
    sendChatMessage(input: $input) { message { id } }
  }`;

const [john, jane] = await Promise.all([logIn(1), logIn(2)]);
const socket = connect(jane);
const content = `Lunch at ${new Date().toISOString()}?`;

for await (const { data, errors } of socket.iterate({ query: EVENTS })) {
  if (errors) throw new Error(errors[0].message);
  const event = data.chatEvents;
  // The first event says from where the subscription continues: what is sent from now on will come.
  if (event.__typename === "ChatSubscriptionReady") {
    await request(john, SEND, { input: { roomId: "1", content, clientMutationId: crypto.randomUUID() } });
  }
  if (event.__typename === "ChatMessageSent" && event.message.content === content) {
    const { user, room } = event.message;
    say(`${user.chatDisplayName} in ${room.displayName}: ${content}`);
    break;
  }
}
await socket.dispose();
