import { expect, test } from "@jest/globals";
import { addressOf, networkOf, trustOf } from "./address.js";

const request = (remoteAddress: string, forwarded?: string) => {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  return { socket: { remoteAddress }, headers } as unknown as Parameters<typeof addressOf>[0];
};

test.each<[string, boolean | number | string, readonly [remote: string, forwarded?: string], string]>([
  ["nobody is believed", false, ["10.0.0.1", "1.2.3.4"], "10.0.0.1"],
  ["everybody is", true, ["10.0.0.1", "1.2.3.4, 5.6.7.8"], "1.2.3.4"],
  ["everybody is, and nobody says anything", true, ["10.0.0.1"], "10.0.0.1"],
  ["one proxy", 1, ["10.0.0.1", "6.6.6.6, 5.6.7.8"], "5.6.7.8"],
  ["two proxies", 2, ["10.0.0.1", "1.2.3.4, 10.0.0.2"], "1.2.3.4"],
  ["two proxies, of which one was gone past", 2, ["10.0.0.1", "1.2.3.4"], "1.2.3.4"],
  ["a proxy by its address", "10.0.0.1", ["10.0.0.1", "6.6.6.6, 1.2.3.4"], "1.2.3.4"],
  ["another's address", "10.0.0.1", ["10.0.0.9", "1.2.3.4"], "10.0.0.9"],
  ["a network of proxies", "10.0.0.0/8,192.168.1.1", ["10.9.8.7", "6.6.6.6,1.2.3.4,192.168.1.1"], "1.2.3.4"],
  ["by name", "loopback,uniquelocal", ["::ffff:127.0.0.1", "6.6.6.6, 1.2.3.4, 172.16.0.9"], "1.2.3.4"],
  ["by name, in IPv6", "loopback", ["::1", "2001:db8::7"], "2001:db8::7"],
  ["by name, and what is said is nonsense", "loopback", ["127.0.0.1", "unknown"], "unknown"],
])("where a request comes from: %s", (_what, trustProxy, [remote, forwarded], address) => {
  expect(addressOf(request(remote, forwarded), trustOf(trustProxy))).toBe(address);
});

test.each([
  ["1.2.3.4", "1.2.3.4"],
  ["::ffff:1.2.3.4", "1.2.3.4"],
  ["2001:DB8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:db8:1:2::9", "2001:db8:1:2"],
  ["2001:db8::9", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
])("%s belongs to %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
