/** What colleagues say to each other over the day, in the form that `demo-talk.ts` reads. */
export const morningTalks = String.raw`
a: Morning!
b: Good morning ☀️
c: Morning, both

a: Good morning. Today: {feature}, and then reviews
b: Today for me: {bug}
c: I'm in the call with {customer} until {hour}, then {pr}

a: Hi all, I'm a bit late, the train stood still for half an hour
b: No worries, we haven't started
c: Coffee is waiting

a: Standup in five?
b: 👍
c: Coming

a: What I did yesterday: half of {feature}. Today: the other half
b: Yesterday {pr}, today I'd like to get rid of {bug}
c: Yesterday reviews, today more reviews, and the estimate for {customer}
a: Anything in the way?
b: No
c: Only meetings ~ 😂a 😂b

a: [Morning|Good morning|Hi|Hello|Moin]!
b: [Morning!|Good morning|Hi there|☀️]
?c: [Morning|Hi, both|Good morning, still on the train|Hello from the kitchen]

a: [Morning. Coffee first, then {pr}|Good morning! I start with {bug}|Hi, today is {feature} day for me]
?b: [I'm on {pr2}|Reviews first for me|I'm with {customer} until {hour}]
?c: [{feature} for me|I'll finish what I have, no new things|Whatever is left of {bug}]
`;

export const noonTalks = String.raw`
a: [Lunch?|Hungry?|Who comes along for lunch?|Noodles?|Sandwich place or kitchen?]
b: [In ten minutes|Yes!|Now?|Sandwich place|I brought something, but I'll sit with you|Not today, I have a call]
?c: [Coming|+1|🍜|Wait for me|Already there]
`;

export const eveningTalks = String.raw`
a: [That's it for me today|I'm off, see you tomorrow|Done for today|Calling it a day|Closing the lid]
?b: [See you!|Bye 👋|Have a nice evening|Me too, in a minute]
?c: [Bye|👋|See you tomorrow]
`;

export const fridayTalks = String.raw`
a: [Done for the week. Have a good weekend, everybody|Have a nice weekend!|That was a good week. See you on Monday]
b: [You too!|Same to you|Have a good one]
?c: [Enjoy the sun ☀️|Bye 👋|Don't think of work|See you on Monday]
`;

export const teamTalks = String.raw`
# once
a: I'm off at {hour} today, my parents are visiting
b: Have a nice evening!
a: Thanks ~ 👍c

# once
a: I'll be out on {day}, back the day after
b: Noted
c: Anything we should take over?
a: Only if {service} makes trouble again. It's all in the runbook: https://apollo.example.com/docs/runbook

# once
a: Is it only me, or is the internet slow today?
b: It's you 😄
a: It was. Somebody here is downloading a game ~ 😂b 😂c

# once
a: Happy birthday, {B}! 🎂
c: Happy birthday! 🎉
b: Thank you! There's cake in the kitchen ~ ❤️a ❤️c

# once
a: Does anyone remember the name of the tool we used for the load test?
b: k6
a: That's it, thanks

# once
a: The new chairs have arrived
b: Finally!
c: My back says thank you
b: Who assembled mine? One wheel is on the table ~ 😂a 😂c

# once
a: I wrote down how to set up a new machine, it took me less than an hour: https://apollo.example.com/docs/setup
b: Very nice. I'd add the part with the keys
a: Added ~ 👍b

# once
a: Reminder: please fill in your hours until {day}
b: Done
c: Done as well
a: Thanks, record time

# once
a: Does anybody have a spare adapter? Mine has given up
b: Second drawer, on the left
a: Hero ~ ❤️b

# once
a: I broke my own record: a bug that took four hours and one character
b: Tell us
a: A comma
c: It's always a comma, a time zone or a cache ~ 😂a 😂b

# once
a: Can we have the next retro in the park, if the weather holds?
b: Yes!
c: I'd love that. I can bring drinks
a: Then {day} at {hour} ~ 🎉b 🎉c

# once
a: I've booked the small room for {hour}
b: The one with the good screen?
a: The one with the good screen ~ 👍b

a: Thank you for the help earlier, @{b}. I'd have searched for a day
b: Any time. I've been in the same hole before ~ ❤️a

# once
a: Quick question, who has the keys to the storage room?
b: Alice, I think
a: Thanks, I'll ask her

# once
a: The talk I mentioned is online now: https://example.com/talks/boring-software
b: "Boring software" sounds like my kind of talk
b: Watched it. Twenty good minutes
c: Same. Let's be more boring ~ 😂a 👍b

# once
a: My machine wants to restart for an update, back in ten
b: ok
a: Back. It took twenty

# once
a: Somebody left their umbrella at my desk
c: Mine! I'll come by
`;
