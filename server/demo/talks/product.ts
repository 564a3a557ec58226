/** Conversations about plans, customers and incidents, in the form that `demo-talk.ts` reads. */
export const productTalks = String.raw`
a: {customer} asks when they can have {feature}
b: Realistically in {next}
c: Before that I'd rather not promise anything
a: I'll tell them "in the coming weeks" ~ 👍b 👍c

# once
a: Notes from the call with {customer}:\n- they love the new overview\n- they miss {feature}\n- the export takes too long for them ({slow} on average)\n- they'd pay for single sign-on
b: The last one comes up every time now
c: I can make an estimate until {day}
a: That would help a lot ~ 🙏b

a: What's left for {next}?
b: From me: {feature}, and the fix for {bug}
c: I have two reviews to do and then I'm free
a: So we could cut it on {day}?
b: I think so ~ 👍c

# once
a: I moved {feature} to next sprint, we won't make it
b: Fair
c: Can we at least ship the part that is done? It's useful by itself
a: Behind a flag for {customer}? Yes, why not
c: Flag is in, off by default ~ 🎉a

# once
a: Support says there are {n} tickets about {bug}
b: I saw two of them this morning. Both on Safari
c: I have a Mac here, let me try
c: Confirmed, Safari only. It doesn't fire the event we wait for
b: Workaround is in {pr}
a: I'll answer the tickets. Thanks, both ~ ❤️b ❤️c

# once
a: Something is off, sign-ups are down by {pct} since {hour}
b: Looking
b: The confirmation mails wait in the queue. The mailer can't reach the provider
c: Their status page says "degraded": https://status.example.com
a: Can we send them again once it's back?
b: They go out by themselves, they're only late
b: Queue is empty again, {big} mails sent in two minutes
a: Phew. Thanks! ~ 🙌b 🙌c

# once
a: Pager went off: error rate of {service} above {n} %
b: I see it too. One customer with a broken client that calls us in a loop
b: Rate limit is on, the rest is fine
a: Who is it?
b: {customer}. I've written to them
c: Their answer: "oops" ~ 😂a 😂b

# once
a: Short summary of the incident, in case you were off:\n1. at {hour} the disk of {service} was full\n2. writes failed for {n} minutes, nothing was lost, clients retried\n3. we had an alert, but at 95 %, which was too late\n4. it's at 80 % now, and logs rotate daily
b: Thanks for writing it up ~ 👍c
c: Did anyone outside notice?
a: One mail, very friendly

# once
a: Decision needed: do guests count as users in {feature}?
b: I'd say no. They can't do anything there
c: But they appear in the list, so the number would look wrong
a: Could we show "{big} people, {n} of them guests"?
b: That's honest and simple. Yes
c: Agreed ~ 👍a

# once
a: The numbers of last week: {big} new teams, {n} of them with more than ten people
b: That's the best week so far
c: 🎉
a: {feature} seems to help. Half of them used it on the first day ~ 🚀b

# once
a: I'd like to talk about what "done" means for {feature}
a: For me: documented, translated, and used by ourselves for a week
b: And a number that tells us whether anyone wants it
c: I like the week. We find most things in the first two days
a: I'll put it on the card: https://apollo.example.com/cards/{card} ~ 👍b 👍c

# once
a: Can we do the planning at {hour} instead of 10:00 on {day}? I have a dentist's appointment
b: Works for me
c: Same
a: 🙏

# once
a: Who writes the release notes for {version}?
b: I did the last ones, so not me 😇
c: I'll do it
c: Draft: "{feature}, faster first page, and fixes for {bug}"
a: Good. I'd say what the first one is good for, one sentence
c: Done

# once
a: First users of {feature} are here!
a: {customer} turned it on {n} minutes ago
b: And?
a: No errors, and they already made {big} entries
b: 🎉🎉🎉 ~ 🎉a 🎉c

# once
a: Idea: show the last change right in the list, so that one doesn't have to open each card
b: I like it. Is it expensive?
c: One more join, and it's indexed. No
a: Then let me draw something until {day} ~ 👍b

# once
a: The legal people want to know how long we keep the logs
b: 30 days, then they're deleted by a job
b: Backups another 30
a: Perfect, that's what the contract says ~ 👍b

# once
a: {customer} found {bug}
b: How did we miss that?
c: All our test accounts have data. Nobody looks at an empty one
b: Let's keep one account empty on staging, on purpose
a: Good idea, I'll make one and call it "Blank" ~ 😂c 👍b

# once
a: Which of these do you prefer for the button?\n1. "Invite people"\n2. "Add members"\n3. "Share"
b: 1
c: 1, clearly
a: That was easy

# once
a: The estimate for single sign-on: {n} days for the happy path, and as many again for everything around it
b: What's the rest?
c: Losing access, changed mail addresses, people in two companies
a: I'd rather have all of it, later, than half of it now
b: Same here ~ 👍c

# once
a: Did we ever answer the question about exports from {customer}?
b: I did, on {day}. They're happy with the CSV
a: Great, closing the card

# once
a: I've cleaned up the board. {big} cards closed, most of them were done long ago
b: Thank you! I could hardly find anything any more ~ 🙏c
c: It's so short now, I almost feel calm ~ 😂a

# once
a: Do we have a screenshot of {feature} for the website?
b: I made one for the talk, it's on the drive
a: Found it, thanks

# once
a: Quick poll: do we cut {next} today or tomorrow morning?
b: Tomorrow. Nobody wants to fix something at six
c: Tomorrow 👍
a: Tomorrow then

# once
a: I went through the feedback form. Most wanted, in that order: {feature}, an app for phones, and "make it faster"
b: "Make it faster" is always there
c: And always right
a: The dashboard is at {slow}, I'd start there ~ 👍b

# once
a: {customer} wants to know where their data is kept
b: Frankfurt, all of it, backups too
a: Thanks. Should that be on the website?
b: It is, under "Security", but well hidden. I'll move it up
`;
