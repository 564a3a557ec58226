import { pubsubContract } from "../../test/pubsub-contract.js";
import { createInProcessPubSub } from "./in-process.js";

pubsubContract("in-process pub/sub", async (logger) => createInProcessPubSub(logger));
