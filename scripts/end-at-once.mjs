// Loaded into Jest and its workers. Node takes apart what a process had before it ends by itself, and can go round in that for
// ever when some request of a socket was never counted as done, though nothing is open any more and the verdict is out. Told
// to end it does so at once.
process.on("beforeExit", (code) => process.exit(code));
