import { defaultEmojiDataResolver, type EmojiDataResolver } from "frimousse";
import { useCallback, useState } from "react";
import { backOff } from "../../lib/backoff.js";

/** A server that takes a request and answers nothing is as good as none. */
const ANSWER_WITHIN_MS = 20_000;

/**
 * How the picker gets the emoji: tried until they are there, for as long as it is open. By itself it tries once, and would
 * wait for ever.
 * @returns `isFailing`: the last try has failed
 */
export function useEmojiData(): { readonly resolve: EmojiDataResolver; readonly isFailing: boolean } {
  const [isFailing, setFailing] = useState(false);
  const resolve = useCallback<EmojiDataResolver>(async (locale, { signal: closed, ...options }) => {
    for (let attempt = 0; ; attempt++) {
      closed?.throwIfAborted();
      const timeout = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const signal = closed ? AbortSignal.any([closed, timeout]) : timeout;
      try {
        const data = await defaultEmojiDataResolver(locale, { ...options, signal });
        setFailing(false);
        return data;
      } catch {
        closed?.throwIfAborted();
        setFailing(true);
      }
      await backOff(attempt);
    }
  }, []);
  return { resolve, isFailing };
}
