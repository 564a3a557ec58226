#!/usr/bin/env bash
# Sends a message as John, twice under the same key: it is stored once. Needs a server in demo mode.
set -euo pipefail

url=${PARLEY_URL:-http://localhost:4000}
token=$(npm run -s token -- --user john)
key=$(npx node -p 'crypto.randomUUID()')

body=$(cat <<JSON
{
  "query": "mutation Send(\$input: SendChatMessageInput!) { sendChatMessage(input: \$input) { message { id content createdAt } } }",
  "variables": { "input": { "roomId": "1", "content": "Hello from the shell", "clientMutationId": "$key" } }
}
JSON
)

send() {
  curl -sS --fail-with-body "$url/graphql" \
    -H "Authorization: Bearer $token" \
    -H "Content-Type: application/json" \
    -d "$body"
}

first=$(send)
second=$(send)
echo "$first"
if [ "$first" = "$second" ]; then
  echo "The same key, the same message."
else
  echo "The second answer differs: $second" >&2
  exit 1
fi
