/** What is said every day, in ever other words: many choices each, in the form that `demo-talk.ts` reads. */
export const everydayTalks = String.raw`
a: [Could somebody review|Review, anyone:|Ready for review:|May I ask for a review of|Small one for you:|When you have a minute:] {pr} [, it's {bug}|for {feature}|, about {feature}|, {n} lines only|, mostly tests]
b: [On it|Looking|I'll take it|Give me ten minutes|Right after this call|👀]
?b: [One question, see the comment|Two nits, no blockers|The name of the flag is misleading, the rest is fine|Could we have a test for the empty case?|I don't understand the second condition in {file}|Nice and small]
?a: [Answered|Changed|You're right, fixed|Good point, added|Renamed|Pushed]
b: [Approved|Looks good to me|✅|LGTM, merge away|Approved, nice work|Good to go] ~ [👍a|🎉a|❤️a|🙏a]
?a: [Merged|Thanks!|Thank you|Merged, thanks|It's in]

a: [I see|Has anybody else seen|There it is again:|Just ran into|{customer} reports|Support reports] {bug} [on staging|in {version}|since this morning|on my machine|with a fresh account|, only in Firefox]
b: [Always, or now and then?|How often?|Can you make it happen?|What did you do right before?]
a: [About one time in {n}|Only after a reload|Always with the account "Blank"|Whenever I'm quick|Always when the network is slow|See here: https://apollo.example.com/cards/{card}]
?c: [I had that as well yesterday|Could that be {service}?|That smells like the cache|Same here|Not for me, strange]
b: [Found it|Can reproduce it|Ah, I see what happens|I know where that is|It's a race, as always]
b: [Fix is in {pr}|{pr} should do it|It'll be in {next}|One-line fix, {pr}|I'll fix it today] ~ [👍a|🙏a|🎉a|👍a 👍c]
?a: [Confirmed, it's gone|Works now, thanks|That was quick!|Thank you 🙏|Closing the card]

a: [Deploying|Rolling out|Starting the rollout of|Going out now:|About to deploy] [{version} to staging|{service}|the fix for {bug}|{pr}]
?b: [👍|Go|ok|Fingers crossed|Watching the graphs]
a: [Done|It's out|Done, all green|Live|Finished, took {n} minutes|Done, nothing unusual in the logs] ~ [🎉b|👍b|🚀c|🚀b 🎉c]

a: [{feature}: first half is done|Progress on {feature}: the server part works|{feature} is on staging now|I've started with {feature}|{feature} is nearly there, only texts are missing]
?b: [Nice!|Great, can I try it?|That was fast|Looking forward to it|🎉]
?c: [Does it work with guests?|Is it behind a flag?|How does it behave with {big} rows?|Do we need texts for it?]
?a: [Yes|Not yet|I'll try that next|Good question, I'll write it down|It does, I tested that]

a: [Useful:|Worth reading:|For later:|This explains it well:|Found this on the way home:] https://example.com/[articles/idempotent-apis|articles/why-queues-get-full|articles/naming-things|guides/accessible-tables|guides/postgres-locks|articles/small-pull-requests|talks/calm-incidents|articles/feature-flags-age]
?b: [Thanks|Good one|Saved for tonight|The part about retries is spot on|I disagree with the end, but yes] ~ [👍a|❤️a]

a: [@{b} do you know|@{b} do you remember|Who knows|Does anyone know] [where the config of {service} is?|where {feature} was decided?|where the numbers for {customer} are?|where to find the texts for {feature}?]
b: [In the infra repository, folder "env"|On the card: https://apollo.example.com/cards/{card}|In {pr2}, right at the top|On the drive, I'll send you the link|I wrote a page about it in spring, one second]
a: [Thanks|Perfect, thanks|Ah, of course|Got it|👍|That helps, thank you]

a: [@{b} do you know|Who knows|Can anybody tell me] why [{file} is so long?|we need the flag "{branch}"?|{service} writes to ''{table}''?|the test for {feature} is so slow?]
b: [History, mostly|Because of {customer}, long ago|It was meant for a week, two years ago 🙈|It isn't needed any more since {version}|No idea, sorry. It was there when I came]
?c: [I'd love to get rid of that|There's a card for it: https://apollo.example.com/cards/{card}|I can look into it on {day}]
?a: [ok, then I'll leave it|May I remove it?|Let's clean that up after {next}|Thanks, good to know] ~ [👍b|👍b 👍c]

a: [How many people use {feature}?|How many are on {version} already?|How much of the traffic is {customer}?]
b: [About {pct}|{pct} as of this morning|Let me look ... {pct}|Roughly {pct}, and rising]
?a: [More than I thought|Less than I thought|Thanks|Good, that's what I told {customer}]

a: [{n} of {big} cards left for {next}|Board looks good, {n} cards in review|We have {n} open reviews, the oldest is from {day}|{big} open cards, {n} of them bugs]
b: [I'll do two of them today|Mine are all in review|I'll clean up mine|That's fewer than last week|I can take one more]
?c: [Same here|I'm on it|Two are blocked by {pr}|The last one can wait]

a: [I'm in a call until {hour}|Away for half an hour|Short break|In the workshop until {hour}|Off to the dentist, back in an hour|Focus time for me until {hour}]
?b: [👍|ok|Enjoy|See you later]

a: [Back from the call with {customer}|Back from the workshop|Out of the meeting, finally]
b: [How was it?|And?|Any surprises?]
a: [Good. They want {feature}, the sooner the better|Short and friendly|Long 😅 Notes are here: https://apollo.example.com/notes/{card}|They liked what they saw|No surprises, for once]
?b: [Nice|Thanks for doing that|👍|Great]

a: [How's|What about|Any news on|Where are we with] [{feature}|{bug}|{pr}|the answer to {customer}|the estimate for {feature}]?
b: [Nearly done|I need another day|Waiting for an answer from {customer}|Blocked by {pr2}|Done since {hour}|Not started yet, sorry|In review|Better than expected]
?a: [Great|No hurry|ok, thanks|Can I help?|Let's look at it together at {hour}|👍]

a: [The dashboard loads in {fast} now|{service} answers in {fast} on average|Search went from {slow} to {fast}|The first page is at {slow}, we should look at that|Export of {big}0,000 rows: {slow}]
b: [Nice|With a cold cache?|That's {pct} off from last week|Wow|Is that staging or production?|Which percentile?]
?a: [Production, cold, the median of today|Staging, three runs|The median. The slow ones take twice as long|Same machine and same data as last week] ~ [👍b|🚀b|🚀b 🚀c]

a: '''[bash|sh]\n[git rebase -i origin/main|git push --force-with-lease|npm ci && npm test|npm run db:up|git bisect start HEAD {version}|docker compose logs -f --tail 100 worker|psql -c "select count(*) from {table}"]\n'''
?a: [if anyone needs it again|that did the trick|I always forget this one|writing this down so that I find it again]
?b: [🙏|Thanks, I had forgotten|Same every time|Put it into the runbook, please]

a: [Can we|Could we|Should we|Shall we] [drop the old endpoint in {next}|put {feature} behind a flag|talk about {feature} at {hour}|do the retro on {day}|split {pr}, it does two things|make {file} shorter]?
b: [Yes|Yes please|Fine with me|I'd wait until {next}|Let me think about it|I'd be careful there, {customer} uses it|Good idea]
?c: [+1|Agreed|Same|Not this week, please|Only with a test]
?a: [Good, I'll make a card|Then let's do it|Card: https://apollo.example.com/cards/{card}|ok, next week then]

a: [Flaky again:|This one failed once more:|Does this one fail for you, too?] ''{test}''
b: [It waits for a fixed time|Runs fine here|It depends on the order|The clock, I guess: it fails around midnight]
?b: [{pr} makes it wait for the right thing|I'll mark it and look at it today|Fixed on main]
?a: [Thanks!|👍|Good riddance]

a: [{customer} is happy with {feature}|Feedback from {customer}: "{feature} saves us an hour a week"|{customer} renewed for a year|{customer} wants {big} more seats|Nice mail from {customer} about {feature}]
?b: [🎉|Great news|That makes my day|Well deserved|Nice!] ~ [🎉a|❤️a|🙌a]
?c: [Very good|Let's tell Alice, too|Let's ask them for a quote]

a: [Who takes|Can somebody take|@{b} would you take|Who has time for] [the on-call shift on {day}|the call with {customer} at {hour}|the notes for {next}|the reviews today]?
b: [I can|Me|Yes, gladly|I'll do it, if somebody does {day}]
a: [Thank you 🙏|Great|You're the best|I owe you one] ~ [👍b|❤️b]

a: [ok|Done|Merged|Fixed|👍|On it|Thanks!|Sounds good|Agreed]

a: [The logs say|From the logs:|This is all I have:]\n'''\n{hour}:0{n} [ERROR importer|WARN  mailer|ERROR worker|WARN  webhooks] [connection reset by peer|timeout after 30000 ms|row {big}: unexpected end of line|429 from api.example.com, retry in {n} s|job took 2{n} s, limit is 20 s]\n'''
b: [That's the proxy, it closes idle connections after a minute|Harmless, it retries|That's {customer}, their file has Windows line ends|We should show that to the user and not hide it in a log|I'll have a look]
?a: [Can we make that a proper message?|ok, then I'll ignore it|Thanks, that explains it|Let me know if you need more]
?b: [{pr}|Done in {pr}|Yes, that's a good little task|Card: https://apollo.example.com/cards/{card}]

a: [Idea|A thought|Half an idea]: [what if {feature} remembered the last choice?|let's show in {feature} who changed what|one could do {feature} with the keyboard alone|we could warn before the export gets too big|{feature} could work without a reload]
b: [I like it|Yes, please|Hm, who would use it?|That's more work than it looks|{customer} asked for exactly that]
?c: [Me too|A small version would do|Let's try it behind a flag|I'd rather finish {feature} first]
?a: [Card: https://apollo.example.com/cards/{card}|Let me think about it some more|I'll sketch it|Then on the list it goes] ~ [👍b|👍c]

a: [Texts for {feature}, opinions?|How do we call this?|Naming question:] ["{customer} was added" or "You added {customer}"?|"Remove" or "Delete"?|"Archived" or "Closed"?|"Workspace" or "project"?|"Sign in" or "log in"?]
b: [The first|The second|The first one, it's what people say|I'd take the shorter one|The second, the other one sounds like a robot]
?c: [Same|+1|Agreed|Me too, but not strongly]
?a: [Settled|Good, thanks|Thanks, changed everywhere|Then I'll change it in {n} places 🙂] ~ [👍b|👍b 👍c]

a: [{customer} can't sign in|{customer} doesn't get our mails|The import of {customer} has stopped at {pct}|{customer} sees an empty page]
b: [Looking|I'll check the logs|Since when?|On it]
b: [Their proxy cuts the connection after a minute|A typo in the domain they gave us|Their file has two header lines|An old bookmark. The address changed in {version}|The certificate on their side has expired]
?a: [Can we do something about it?|I'll tell them|Should we catch that?|Ah, that explains it]
?b: [I've written to them, it works now|We can say it better, {pr}|Not really, but the message could be clearer|Solved, they say thank you] ~ [🙏a|👍a|👍a 👍c]

a: [Docs for {feature} are up|I wrote a page about {service}|Wrote down how we do releases|New page: what to do when {service} is stuck]: https://apollo.example.com/docs/{card}
?b: [Thank you!|Read it, very clear|Two typos fixed, otherwise great|That would have saved me an hour last week|Can you link it from the start page?] ~ [👍a|❤️a|🙏a]
?a: [Linked|Thanks|Good idea, done]

a: [@{b} can I borrow you for ten minutes?|@{b} time for a quick look at something?|Pairing on {feature}, @{b}?|@{b} could you sit with me on {bug}?]
b: [Sure, now|In a quarter of an hour|Come over|After lunch?|Yes, I'll call you]
?a: [👍|Great|Thanks, no hurry|Perfect]
?a: [Solved it while I was explaining it. Thanks, @{b} 😄|That was it. Thank you!|{pr}, by the two of us|Found it after five minutes]
`;
