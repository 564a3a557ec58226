/**
 * The end of room 1, which is what one sees first: by `john`, `jane` and `bob`. `-- 3h` is a pause; the last message
 * was written a few minutes before the data is loaded. Jane has not read what follows her last message, and Bob not
 * what follows his.
 */
export const newestTalk = String.raw`
john: Morning! I'd like to cut {next} tomorrow. What's still missing?
jane: From me the empty state of the activity feed, and I want to see the new sidebar on a phone once more
bob: The migration. It ran on a copy of production last night, {n} minutes, no locks ~ 🚀john 👍jane
john: Very good. I'll write the notes then
-- 40m
jane: The sidebar on a phone is fine. I found one thing, though: the project switcher is cut off at 320 px << sidebar-on-a-phone.png
jane: Not many people have such a small screen, but it's the one they test accessibility with
bob: It's a one-line fix:\n'''css\n.switcher {\n  min-width: 0;\n  text-overflow: ellipsis;\n}\n'''
bob: In {pr}
jane: ✅ approved, and looks right here ~ 🎉bob
-- 2h
john: Brightwater called. They want to move all of their {big} projects to us in December
jane: All of them?! ~ 🎉bob
john: All of them. They asked how long an import takes
bob: Let me measure with something of that size
-- 50m
bob: Measured. 100,000 entries:\n'''\nread      3.1 s\ncheck     1.4 s\nwrite    22.8 s\n'''
bob: So half a minute, and it can run while people work << import-measured.txt
john: That's far better than what I told them. I said "over the weekend" 😅 ~ 😂jane 😂bob
jane: Under-promise, over-deliver ~ 👍john
-- 1h
jane: @john the numbers in the header of the report don't add up for me. Is "open" with or without the ones on hold?
john: Without. On hold is a number of its own
jane: Then the total is wrong, it leaves them out
john: You're right. Let me look
john: Found it, {pr2}. The filter was applied before the sum, not after
bob: Nice, and there's a test for it. Approved
jane: Total is right now. Thanks! ~ 👍john
-- 15h
bob: Good morning
jane: Morning ☀️
john: Hi, both. Today is the day
bob: The build of {next} is on staging since this morning
jane: I'll go through the list: sign-in, invite, import, report, billing
-- 35m
jane: Sign-in ✅\nInvite ✅\nImport ✅\nReport ✅ (with the right total)\nBilling: the invoice shows the address twice
bob: On staging only, or in {version} as well?
jane: {version} too, I checked. So it's old, and nobody noticed
john: Then it's not a reason to wait. I made a card: https://apollo.example.com/cards/{card}
bob: I can fix it this afternoon ~ 🙏jane
-- 25m
john: Release notes, please have a look:\n\n**{next}**\n- The sidebar now works on phones\n- Activity feed: what happened since you were last here\n- Imports are eight times as fast\n- Reports count entries on hold
jane*: I'd put the feed first, it's what people will see. And "what happened while you were away" reads nicer
john: Better, thank you. Changed
bob: "Eight times" is true, I checked twice 🤓 ~ 😂john 😂jane
-- 1h
john: All boxes are ticked. Shall we?
jane: 🚀
bob: Rolling out to the first tenth now
bob: Error rate is flat, response times too. Going to all
bob: Done. {next} is live 🎉 ~ 🎉john 🎉jane ❤️jane
john: Thank you, both. That was the calmest release of the year
jane: Cake? ~ ❤️john ❤️bob
john: Cake. In an hour, in the kitchen
-- 45m
jane: Told you << cake.png ~ 🎉bob ❤️john
jane: And the first feedback is in, from Larkspur:\n> The feed is what I open in the morning now. ~ ❤️john 🎉bob
bob: Lovely to hear, and one can see it, too. Feeds opened in an hour, *today* and in a usual week: << feeds-opened.png ~ 🚀john 👍jane
john: I'll forward that to Alice, she drew most of it
jane: I'm in the workshop with Halden for the next hour, write if something burns
-- 20m
john: Nothing burns. One question for later, @jane: Brightwater asks whether guests see the activity feed
bob: They see what happens in the projects that they were **invited to**, nothing else. The test for it:\n'''ts\nconst feed = await loadFeed(guest);\nexpect(feed.every(({ project }) => guest.projects.has(project))).toBe(true);\n'''
john: Perfect, that's the answer they hoped for
john: @bob could you send me the figures of the import again, as a table? I'd like to put them into the offer
john: Here is what I have so far: https://apollo.example.com/offers/brightwater << offer-brightwater.pdf
john: No hurry, tomorrow morning is fine
`;
