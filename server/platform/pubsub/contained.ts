import type { Logger } from "../logger.js";
import { warnOf } from "../outage.js";
import type { OnMessage } from "./pubsub.js";

/**
 * The listener as a broker may call it: what goes wrong in it, at once or later, is logged and ends there. A message
 * may be another version's or a stranger's, and one that can't be read is as good as lost; thrown into a broker's
 * client, its error would end the process.
 */
export function contained(topic: string, onMessage: OnMessage, logger: Logger): (message: string) => void {
  const hear = async (message: string) => onMessage(message);
  return (message) => {
    hear(message).catch((error: unknown) => warnOf(logger, error, "a broker message was not handled", { topic }));
  };
}
