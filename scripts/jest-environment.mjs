import { TestEnvironment } from "jest-environment-node";

/**
 * Node. When a test or a hook fails, what `web/e2e/failures.ts` watches is written down before anything is closed; and a file
 * has failed when the log of something that it started holds what none may (`server/test/watch-all.ts`).
 */
export default class WatchedEnvironment extends TestEnvironment {
  async handleTestEvent({ name, test, hook }, { unhandledErrors }) {
    if (name === "test_fn_failure") await this.global.reportFailure?.(test.name);
    if (name === "hook_failure") await this.global.reportFailure?.(hook.type);
    if (name !== "run_finish") return;
    try {
      this.global.judgeLogs?.();
    } catch (error) {
      unhandledErrors.push(error);
    }
  }

  /** Also of a file that could not be loaded, so that nothing of it listens to what the next one sends. */
  async teardown() {
    this.global.endWatch?.();
    await super.teardown();
  }
}
