import { i18n } from "@lingui/core";
import { CheckOutlined, CopyOutlined } from "@ant-design/icons";
import { Fragment, useEffect, useRef, useState, type ReactNode } from "react";
import type { CodePart } from "./code-part.js";
import { useHighlight } from "./use-highlight.js";
import { usePartTabIndex } from "../../../ui/row-parts.js";

const COPIED_SHOWN_MS = 1_500;

function CopyButton({ text }: { readonly text: string }) {
  const [isCopied, setCopied] = useState(false);
  const tabIndex = usePartTabIndex();
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  // Where pages may not copy there is nothing to offer: the code can still be selected.
  if (!navigator.clipboard) return null;
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  return (
    <button
      type="button"
      className="code-copy"
      tabIndex={tabIndex}
      aria-label={isCopied ? i18n.t("Copied") : i18n.t("Copy code")}
      onClick={copy}
    >
      {isCopied ? <CheckOutlined /> : <CopyOutlined />}
      <span aria-hidden>{isCopied ? i18n.t("Copied") : i18n.t("Copy")}</span>
    </button>
  );
}

/** Whether there is more in an element than its width shows. */
function useOverflow() {
  const ref = useRef<HTMLPreElement>(null);
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setOverflows(element.scrollWidth > element.clientWidth));
    observer.observe(element);
    // What is in it may become longer by an edit.
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return { ref, overflows };
}

function renderParts(parts: readonly CodePart[]): ReactNode {
  return parts.map((part, index) =>
    // The parts of one text never change places: their index is their identity.
    typeof part === "string" ? (
      <Fragment key={index}>{part}</Fragment>
    ) : (
      <span key={index} className={part.className}>
        {renderParts(part.parts)}
      </span>
    ),
  );
}

/** Code between fences: which language, copied with a click, scrolled sideways instead of wrapped. */
export function CodeBlock({ language, text }: { readonly language: string; readonly text: string }) {
  const { ref, overflows } = useOverflow();
  const parts = useHighlight(language, text);
  return (
    <div className="code-block" dir="ltr">
      <div className="code-head">
        <span className="meta">{language}</span>
        <CopyButton text={text} />
      </div>
      <pre
        ref={ref}
        role={overflows ? "group" : undefined}
        aria-label={overflows ? (language ? i18n.t("Code {language}", { language }) : i18n.t("Code")) : undefined}
        tabIndex={overflows ? 0 : undefined}
      >
        <code>{renderParts(parts)}</code>
      </pre>
    </div>
  );
}
