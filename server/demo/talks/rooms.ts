/** The other rooms of the demo, in the form of `newest.ts`. */
export const designTalk = String.raw`
jane: I opened this room so that the sketches don't drown in the other one
alice: Thank you! I was about to ask
john: Good idea
-- 20h
alice: First sketch of the activity feed. Three sizes: phone, laptop, wall << activity-feed.png
alice: https://apollo.example.com/sketches/31
jane: I like how quiet it is. Could the time stand on the left, so that one can run down the column?
alice: Let me try
alice: Yes, better. Same link ~ 👍jane 👍john
-- 2d
john: For the demo on Thursday: which of the two headers do we show?
alice: The narrow one. The other one only works with long titles
john: 👍
-- 1d
jane: Is there a reason why the primary button is blue in one place and green in the other?
alice: No. It's a leftover. Blue everywhere, green is for "it worked" only
jane: I'll change it
jane: Done, {n} places ~ ❤️alice
-- 5h
alice: Contrast check of the new greys: all above 4.5, but one. The hint under the input fields is at 3.9
jane: So it goes one step darker?
alice: One step, then it's 5.2
jane: 👌
-- 3d
john: Question from Halden: can they have their own colour in the sidebar?
alice: One colour, yes: we'd take it as the accent and compute the rest
alice: Their logo, please not. It never fits
john: That's a clear answer, I'll pass it on ~ 😂jane
-- 2d
alice: I tried the icons at 16 px. Two of them turn to mush: "archive" and "duplicate"
jane: I never know which is which anyway. Could they have a label?
alice: In the menu they can. In the toolbar I'd simply leave them out
jane: Even better
-- 1d
jane: The empty state of the feed says "No data". Can we have something nicer?
alice: "Nothing happened while you were away. Enjoy it."
jane: Haha, yes ~ 😂john ❤️jane
john: Please keep that
-- 4d
alice: Sketches for dark mode: https://apollo.example.com/sketches/38
alice: Not just inverted: surfaces get lighter the closer they are, and the shadows go
john: This looks very good on my old laptop, where nothing ever does ~ 👍alice
jane: The charts are hard to read for me, the two blues are too close
alice: True. I'll take the orange for the second one
-- 1d
alice: Changed: https://apollo.example.com/sketches/39
jane: Much better 🎉
-- 3d
john: Alice, could you have a look at how the report prints? Brightwater prints everything
alice: Oh. The sidebar prints, too
alice: I'll make a print style, that's a nice small thing for in between ~ 🙏john
-- 1d
alice: Print style is done, two pages instead of seven
john: They will love you for it ~ ❤️jane
-- 20h
jane: With the feed going out today: thank you for all of this, @alice. It feels like one piece now
alice: That's kind 🙂 ~ ❤️john
-- 2h
alice: Next on my list: the project switcher. It's the last screen with the old look
alice: @john when you have a minute, could you tell me how many projects the largest customer has? The list must not break at two hundred
`;

export const releasesTalk = String.raw`
bob: This room is for releases only: what goes out, when, and whether it went well
john: 👍
-- 3d
bob: 2.15.0 is out. Saved filters, and the fix for the lost focus in the date picker
john: Thanks! ~ 🎉alice
-- 6d
bob: 2.15.1 is out. Only the time zone in invites
alice: Quick one 🙂
-- 5d
bob: 2.16.0 goes out at 13:00. It has a migration, about a minute, nothing to do for anybody
bob: Migration is done, 48 seconds
bob: 2.16.0 is live, no errors ~ 🎉john 👍alice
-- 7d
bob: 2.16.1: webhooks are sent once again, and not twice
john: "Once again" 😄
bob: Once, again ~ 😂alice 😂john
-- 6d
bob: 2.17.0 is on staging. @john, do you want to try bulk edit before it goes out?
john: Tried it with 400 entries. Works, and undo works, too
bob: Then out it goes
bob: Live ~ 🚀john
-- 7d
bob: 2.17.1 is out: the first page loads in half the time
alice: I noticed! I thought it was my new laptop ~ 😂bob
-- 6d
bob: 2.18.0 is on staging: the activity feed, the sidebar for phones, and the fast import
john: Going out tomorrow, if Jane finds nothing
-- 22h
bob: 2.18.0 is live for everybody. Error rate flat, response times flat, one happy customer so far
john: 🎉 Thank you, @bob
`;

export const directTalk = String.raw`
john: Hi Jane, do you have five minutes for the plan of next month?
jane: Sure, now is good
john: I'd like you to lead the onboarding work. You know it best, and people listen to you
jane: Oh, thank you! I'd love to. What would I give away for it?
john: The billing page. Bob said he'd take it
jane: Then yes, gladly ~ 🎉john
-- 3d
jane: The workshop with Halden is on the 14th. Will you come along?
john: If you want me to. I think you don't need me there
jane: I'd feel better with you in the room the first time
john: Then I'm in
-- 6d
john: Can you remind me what we agreed on with Larkspur?
jane: 20 seats until the end of the year, the import is free, and we talk again in January
john: Right. Thank you, you're better than my notes ~ 😂jane
-- 5d
jane: I'll work from my sister's place on Thursday and Friday. Same hours
john: Of course. Say hello to her
-- 4d
john: How was the interview?
jane: Good! Calm, precise, and asked better questions than we did
john: That's the best sign
jane: I wrote it all down: https://apollo.example.com/docs/interviews ~ 👍john
-- 2d
jane: Did you see Bob's numbers for the import? I'm impressed
john: Me too. We should say that loudly, once, in the round on Friday
jane: I'll do it ~ ❤️john
-- 20h
john: Good luck in the workshop! You'll do great
jane: Thanks 🙂 I have the slides, and a plan B without slides
john: Plan B is always the better talk
-- 2h
john: Brightwater would like to talk to you about onboarding, not to me. Next Tuesday at ten?
john: No need to answer before the workshop is over
`;

export const betaTalk = String.raw`
dee: This is where I collect what I learn about Beta, until the others join
-- 2d
dee: First talk with the port. They plan on paper, twice a day, and then by phone
dee: What they need is not a new plan but a way to see when it changes
-- 1d
dee: Tides come from the harbour master as a text file:\n'''\nMon 04:12  4.81 m\nMon 10:27  0.93 m\nMon 16:38  4.95 m\n'''
dee: Easy to read, one line each, always UTC
-- 3d
dee: Watched a shift from six to two. Nobody looks at a screen while a ship comes in. It has to speak, or to blink
-- 2d
dee*: Rough order of work:\n1. read the tides\n2. show today's plan\n3. tell people when it moves
dee: 3 is the one they'd pay for
-- 4d
dee: Budget is confirmed until the summer 🎉
-- 1d
dee: Two people can start in January. I'll add them here when they do
-- 5h
dee: To do: ask the harbour master about old files, as far back as they have them
`;
