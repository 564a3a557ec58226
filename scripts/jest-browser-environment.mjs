import { TestEnvironment } from "jest-environment-node";

/** Node. When a test or a hook fails, what `web/e2e/failures.ts` watches is written down before anything is closed. */
export default class BrowserTestEnvironment extends TestEnvironment {
  async handleTestEvent({ name, test, hook }) {
    if (name === "test_fn_failure") await this.global.reportFailure?.(test.name);
    if (name === "hook_failure") await this.global.reportFailure?.(hook.type);
  }
}
