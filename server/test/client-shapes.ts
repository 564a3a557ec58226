import type { z } from "zod";
import type * as client from "../../client/types.ts";
import type { messageShape, participantShape, roomShape } from "../transports/shapes.js";
import type { CommandInRoom, FrameOfConnection, FrameOfResume, FrameOfSpec } from "../transports/socket/protocol.js";

// client/ is made to be copied and can't import the server's types; here the compiler holds its own against them. A frame
// or field that the client does not know of, or that it expects in vain, does not compile.

export const asRoom = (shape: z.output<typeof roomShape>): client.ChatRoom => shape;
export const asMessage = (shape: z.output<typeof messageShape>): client.ChatMessage => shape;
export const asParticipant = (shape: z.output<typeof participantShape>): client.ChatParticipant => shape;
export const asFrame = (frame: FrameOfSpec | FrameOfResume | FrameOfConnection): client.ChatFrame => frame;
export const asCommand = (command: client.ChatCommand): CommandInRoom => command;
