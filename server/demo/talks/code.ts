/** Conversations about code, in the form that `demo-talk.ts` reads. */
export const codeTalks = String.raw`
a: Can somebody have a look at {pr}? It's the fix for {bug}
b: On it
b: Two small comments, otherwise fine ~ 👍a
a: Both fixed, thanks
b: Approved ✅ ~ 🎉a

# once
a: {pr} is ready for review. Sorry, it grew a bit: {big} files
b: I'll take it after lunch
c: I can do the part in {service} if that helps
a: That would be great ~ 🙏c
c: Done with mine. One question about the retry, see the comment there
a: Good catch, the back-off started from zero again after each success
b: Rest looks good to me. I like that the old path is really gone now ~ ❤️a

# once
a: I can reproduce {bug} now
a: It needs two tabs and a slow network. With throttling on "Slow 4G" it happens every time
b: Oh nice, that explains why we never saw it locally
b: Is it the cache?
a: Looks like it: the second tab answers from what it had before the save
c: That's the same shape as {pr2} from last month
a*: Yes, and the same fix will do: compare versions before writing ~ 👍b 👍c

# once
a: {service} has logged {big} of these since this morning:\n'''\nTypeError: Cannot read properties of undefined (reading 'id')\n    at toRow (src/{file}:{n}4)\n    at Array.map (<anonymous>)\n'''
b: Since {version}, then?
a: Since {version}, yes
b: Then it's mine. A project without an owner gets there now
b: Fix is up: {pr}
a: Approved. Please add a case with no owner to the fixtures ~ 👍b
b: Done

# once
a: Why do we keep {n} copies of the date formatting?
b: History, I think. The oldest one is from before we had time zones
c: I have a branch that folds them into one, but it touches everything
a: Let's do it right after the release, when nobody has anything big open
c: Deal. I'll rebase it on {day} ~ 👍a 👍b

# once
a: Who knows how the lock in {service} works?
b: Me, a little. What do you see?
a: Two workers took the same job at {hour}. Only once, but still
b: Do both have the same clock? The lease is compared with local time
a: One is {n} seconds behind, good hint
b: Then let's compare with the database's clock instead:\n'''sql\nupdate job set leased_until = now() + interval '30 seconds'\nwhere id = $1 and leased_until < now()\nreturning id;\n'''
a: That's simpler than what we have, too. I'll change it ~ 🎉b

a: The build is red on main
b: Sorry, that was me. Missing file in the commit
b: Fixed
a: Green again, thanks ~ 👍b

# once
a: The test for {feature} fails about one time in {big} for me
b: Does it wait for the request, or for a fixed time?
a: A fixed time 🙈
a: I'll make it wait for the row to show up
b: There's a helper for that by now: ''waitForRow(page, name)''
a: Oh, lovely. {pr} ~ 👍b

# once
a: Small thing: our lint rule complains about unused labels in generated files
b: We should just ignore the folder
a: Agreed, {pr}
b: ✅

# once
a: I tried the new index on a copy of the data\n'''\nbefore   Seq Scan on {table}    {slow}\nafter    Index Scan using {table}_owner_at    {fast}\n'''
b: Wow
c: How long does it take to build?
a: About {n} minutes with "concurrently", so no downtime
c: Then let's put it into {next} ~ 🚀a 👍b

# once
a: Question about {pr}: why a separate table and not a column?
b: Because one order can have several of them soon
b: See the last paragraph of the card: https://apollo.example.com/cards/{card}
a: Ah, I hadn't seen that it became a list. Makes sense
a: Approved

# once
a: I've started on {feature}
a: First question: do we need to keep the old address working?
b: Yes, there are links in e-mails out there
c: We can redirect and count how many still come in. If it's none after a month, we drop it
a: Good plan ~ 👍b

# once
a: Did anyone touch {service} on staging?
b: I restarted it {n} minutes ago, to pick up the new config. Should be back
a: It's back, but the queue isn't moving
b: Oh no. Wrong password after the rotation, fixing
b: Moving again
a: 🙌

# once
a: Heads up: I'm going to rename ''{table}'' on staging in a minute, things may fail for a moment
b: ok
c: Thanks for the warning
a: Done, all migrations ran, nothing odd in the logs

a: @{b} your change in {pr} and mine in {pr2} both edit {file}, who goes first?
b: You go, mine is small
a: Merged. Sorry for the conflict you'll get
b: Was one line, all good

# once
a: How do I run only the browser tests for {feature}?
b: '''bash\nnpm run test:e2e -- {branch}\n'''
b: The part after the dashes is matched against file names
a: Thanks, that saves me a few minutes each time

# once
a: I looked into why {service} uses so much memory
a: We keep every response of the last hour in a map, and nobody ever reads it
b: I think that was for debugging, back when the webhooks got lost
c: It was. I put it in, I confess
c: Please throw it out ~ 😂a 😂b
a: 410 MB down to 160 MB. {pr}

# once
a: Thoughts on moving {service} to streams? Right now it reads the whole file into memory first
b: Yes please. {customer} sends files of 800 MB
c: Is there a limit on the upload anyway?
b: 1 GB, and they asked for more
a: OK, I'll try. First measurement: peak memory goes from 1.9 GB to 90 MB, same speed
c: 😮
b: Ship it ~ 🚀a 🚀c

# once
a: The type of ''status'' is a plain string in {file}, can we make it a union?
b: Go for it. I'd expect three or four places that don't compile then
a: It was {n}, and two of them were real bugs
b: Typical ~ 😂a

# once
a: I get a warning about a missing key in the list of {feature}
b: Known, it's in {pr}
a: 👍

# once
a: Could you explain the part with ''drain'' in {file}? I don't get why we wait twice
b: The first wait is for what is in flight, the second one for what those requests enqueue
b: I should have written that down
a: Let me add it as a comment then
b: Please do. You understood it last, you explain it best ~ ❤️a

# once
a: Upgraded the date library, all tests pass, bundle is 31 kB smaller
b: Any changes we'd notice?
a: Week numbers in January. The old one was simply wrong
b: Ha. Then it's a fix ~ 👍a

# once
a: Is there a reason we don't validate the body in the webhook handler?
b: Because for a while we didn't know what they would send
b: By now we do. I'd accept what is documented, and log the rest
a: OK, I'll do it like that in {pr}
c: And answer 202 even if we can't use it, otherwise they send it again for three days
a: Good point

# once
a: The new endpoint answers like this now:\n'''json\n{\n  "id": 4711,\n  "state": "queued",\n  "estimate_s": {n}\n}\n'''
b: I'd prefer an absolute time to "estimate_s", then the client can count down
a: True. "ready_at"?
b: 👌

# once
a: Coverage of {service} is at 6{n} %, mostly because nobody tests the error paths
b: Which are the ones that break
c: I'll write a few on {day}, I have to go through them anyway
a: 🙏

# once
a: It's slow because each row asks for its owner. {big} queries for one page
b: Let's batch them
a: Doing that: {slow} before, {fast} after ~ 🚀b 👍c
c: Can we have a test that counts the queries? Otherwise it comes back
a: Already in there

# once
a: Reminder that the certificate of staging ends on {day}
b: I thought that renews itself?
a: It should, but the last attempt failed with a DNS error
b: Found it, the record was deleted when we cleaned up. It's back
a: Renewed, good for 90 days

# once
a: What do you think about dropping support for the old browsers? {pct} of last month's visits, and falling
b: Who are they?
a: Nearly all {customer}
b: Then let's ask them first
a: They move to a new version in {n} weeks anyway. I'll make a card for after that ~ 👍b 👍c

# once
a: Interesting read about how others do background jobs: https://example.com/articles/queues-in-postgres
b: Thanks, will read tonight
b: Read it. The part about "skip locked" is what we should do
a: Thought so too

# once
a: Not fixed for me: {bug}. I still see it in {version}
b: Hard reload?
a: Oh. Yes, that was it. Sorry for the noise
b: No problem. We should get better at that cache anyway
`;
