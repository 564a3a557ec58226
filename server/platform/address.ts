import type { IncomingMessage } from "node:http";
import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";

/** Whose word on where a request comes from is believed: `hop` proxies stand between it and this server. */
export type Trust = (address: string, hop: number) => boolean;

const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ["127.0.0.0/8", "::1/128"],
  linklocal: ["169.254.0.0/16", "fe80::/10"],
  uniquelocal: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
};

/** @param trustProxy all, none, how many proxies there are, or their addresses, networks and names with commas between */
export function trustOf(trustProxy: boolean | number | string): Trust {
  if (typeof trustProxy === "boolean") return () => trustProxy;
  if (typeof trustProxy === "number") return (_address, hop) => hop < trustProxy;
  const proxies = new BlockList();
  for (const item of trustProxy.split(",").flatMap((name) => NAMED[name] ?? name)) {
    const [address = "", bits] = item.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  return (address) => isIP(address) !== 0 && proxies.check(address, isIPv4(address) ? "ipv4" : "ipv6");
}

/** Where a request comes from, past the proxies that are trusted. */
export function addressOf({ socket, headers }: Pick<IncomingMessage, "socket" | "headers">, isTrusted: Trust): string {
  const forwarded = String(headers["x-forwarded-for"] ?? "").split(",");
  const said = forwarded.map((address) => address.trim()).filter((address) => address !== "");
  const hops = [socket.remoteAddress ?? "", ...said.toReversed()];
  return hops.find((address, hop) => !isTrusted(address, hop)) ?? hops.at(-1) ?? "";
}

const PREFIX_GROUPS = 4;

/** Whom an address belongs to, as far as can be told: an IPv6 connection has 2^64 of them. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [beginning = ""] = address.toLowerCase().split("::");
  const groups = beginning.split(":").filter((group) => group !== "");
  return [...groups, "0", "0", "0", "0"].slice(0, PREFIX_GROUPS).join(":");
}
