import { i18n, type MessageId } from "@lingui/core";
import { PaperClipOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { findWritingField } from "../../ui/regions.js";
import { saveFile } from "../attachments/save-file.js";
import { copyText } from "./copy-text.js";
import type { Stranded } from "./use-stranded.js";

const KINDS: Readonly<Record<Stranded["kind"], MessageId | null>> = {
  message: null,
  draft: /*i18n*/ "Draft",
  edit: /*i18n*/ "Changes to a message",
  file: null,
};

function StrandedMessage({ stranded }: { readonly stranded: Stranded }) {
  const { kind, text, file } = stranded;
  const label = KINDS[kind];
  const discard = (): void => {
    stranded.discard();
    const field = findWritingField();
    if (field instanceof HTMLElement) field.focus();
  };
  return (
    <li className="stranded-message">
      <div className="stranded-text">
        {label && <div className="meta">{i18n.t(label)}</div>}
        {text}
        {file && (
          <div className="meta">
            <PaperClipOutlined /> {file.name}
          </div>
        )}
      </div>
      {text !== "" && (
        <Button size="small" onClick={() => copyText(text)}>
          {i18n.t("Copy")}
        </Button>
      )}
      {file && (
        <Button size="small" onClick={() => saveFile(file)}>
          {i18n.t("Save file")}
        </Button>
      )}
      <Button size="small" danger onClick={discard}>
        {i18n.t("Discard")}
      </Button>
    </li>
  );
}

function whyOf(lost: Stranded["lost"], count: number): string {
  return lost === "room"
    ? i18n.t(
        "{count, plural, one {This was} other {These were}} not sent: the room is no longer open to you. Copy or save what you still need.",
        { count },
      )
    : i18n.t(
        "{count, plural, one {This change was} other {These changes were}} not saved: the message was deleted. Copy what you still need.",
        { count },
      );
}

/** What has no place any more, as it was written, until its author has done something about it. */
export function StrandedList({ stranded }: { readonly stranded: readonly Stranded[] }) {
  return (["room", "message"] as const).map((lost) => {
    const those = stranded.filter((each) => each.lost === lost);
    return (
      those.length > 0 && (
        <section key={lost} className="stranded" role="alert">
          <p>{whyOf(lost, those.length)}</p>
          <ul>
            {those.map((each) => (
              <StrandedMessage key={each.key} stranded={each} />
            ))}
          </ul>
        </section>
      )
    );
  });
}
