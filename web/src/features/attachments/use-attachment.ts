import type { ApolloClient } from "@apollo/client";
import { useApolloClient } from "@apollo/client/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useParams } from "react-router";
import { useChat } from "../session/chat.context.js";
import { MessageAttachment, type AttachmentData } from "./attachment.fragments.js";
import { useMediaEpoch } from "./media-epoch.js";

/** Asks for addresses that work now; the cache takes them, and so does everything that shows the file. */
export async function refreshAttachment(client: ApolloClient, messageId: string): Promise<AttachmentData | null> {
  const variables = { messageId };
  const { data } = await client.query({ query: MessageAttachment, variables, fetchPolicy: "network-only" });
  return data?.chatMessage?.attachment ?? null;
}

/** Those on the screen get new addresses when the old ones end; the others when they come onto it and fail. */
function useFreshAddresses(messageId: string): void {
  const client = useApolloClient();
  const { roomId = "" } = useParams();
  const epoch = useMediaEpoch(roomId);
  const seen = useRef(epoch);
  useEffect(() => {
    if (seen.current === epoch) return;
    seen.current = epoch;
    refreshAttachment(client, messageId).catch(() => undefined);
  }, [client, messageId, epoch]);
}

interface Loading {
  /** Neither the address nor the one that was asked for instead gave a picture. */
  readonly isBroken: boolean;
  readonly onError: () => void;
  readonly onLoad: () => void;
  readonly retry: () => void;
}

/**
 * The loading of one of a file's addresses. One that fails has most likely ended: a new one is asked for, once. What
 * fails again is broken until somebody tries again, or the connection comes back.
 */
export function useMediaLoading(messageId: string, url: string): Loading {
  const client = useApolloClient();
  const { connection } = useChat().stream;
  const asked = useRef(false);
  const [brokenUrl, setBrokenUrl] = useState<string | null>(null);
  const isBroken = brokenUrl === url;
  useFreshAddresses(messageId);
  const onError = useCallback(() => {
    if (asked.current) return setBrokenUrl(url);
    asked.current = true;
    refreshAttachment(client, messageId).then(
      // The same address again: it was not its end that made it fail.
      (fresh) => (fresh?.url === url || fresh?.thumbnailUrl === url || !fresh) && setBrokenUrl(url),
      () => setBrokenUrl(url),
    );
  }, [client, messageId, url]);
  // The next time it fails it has ended again.
  const onLoad = useCallback(() => void (asked.current = false), []);
  const retry = useCallback(() => {
    asked.current = false;
    setBrokenUrl(null);
  }, []);
  useEffect(() => {
    if (!isBroken) return;
    return connection.subscribe(() => connection.get() === "online" && retry());
  }, [isBroken, connection, retry]);
  return { isBroken, onError, onLoad, retry };
}

/** Downloads a file under an address that works, however long the page has been open. */
export function useDownload(messageId: string, { url, name }: AttachmentData): () => void {
  const client = useApolloClient();
  return useCallback(() => {
    const start = (href: string): void => {
      const link = document.createElement("a");
      link.href = href;
      link.download = name;
      // A picture under an address of another origin is shown instead, and must not take the place of the page.
      link.target = "_blank";
      link.rel = "noopener";
      link.click();
    };
    refreshAttachment(client, messageId).then(
      (fresh) => start(fresh?.url ?? url),
      () => start(url),
    );
  }, [client, messageId, url, name]);
}
