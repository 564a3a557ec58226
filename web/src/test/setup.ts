// What browsers have and jsdom lacks. The stubs do nothing: a test that depends on layout belongs into a browser.
import { i18n } from "@lingui/core";
import { configure } from "@testing-library/dom";
import { TextDecoder, TextEncoder } from "node:util";

Object.assign(globalThis, { TextDecoder, TextEncoder });

class ObserverStub implements ResizeObserver, IntersectionObserver {
  readonly root = null;
  readonly rootMargin = "";
  readonly scrollMargin = "";
  readonly thresholds: readonly number[] = [];
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
  takeRecords(): IntersectionObserverEntry[] {
    return [];
  }
}

globalThis.ResizeObserver ??= ObserverStub;
globalThis.IntersectionObserver ??= ObserverStub;

globalThis.matchMedia ??= (query: string): MediaQueryList => {
  const target = new EventTarget();
  return Object.assign(target, {
    matches: false,
    media: query,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  });
};

globalThis.Blob.prototype.arrayBuffer ??= function readWhole(this: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => (reader.result instanceof ArrayBuffer ? resolve(reader.result) : reject(reader.error));
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(this);
  });
};

// English texts are their own ids: without a catalogue they are compiled as they are asked for.
i18n.loadAndActivate({ locale: "en", messages: {} });

// What is loaded when it is used takes long on a busy machine.
configure({ asyncUtilTimeout: 10_000 });
