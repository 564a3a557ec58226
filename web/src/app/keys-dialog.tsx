import { i18n, type MessageId } from "@lingui/core";
import { Modal } from "antd";
import { KeyCaps } from "../ui/key-caps.js";
import { KEYS, type KeyPlace } from "../ui/keys.js";

const GROUPS: readonly { readonly place: KeyPlace; readonly title: MessageId }[] = [
  { place: "anywhere", title: /*i18n*/ "Everywhere" },
  { place: "picture", title: /*i18n*/ "On a large picture" },
  { place: "feed", title: /*i18n*/ "On a message" },
  { place: "composer", title: /*i18n*/ "Where you write" },
];

/** All keys of the client, out of the table that handles them. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal open title={i18n.t("Keys")} footer={null} width={720} onCancel={onClose} className="keys-dialog">
      <div className="key-groups">
        {GROUPS.map(({ place, title }) => (
          <section key={place} aria-label={i18n.t(title)}>
            <h2>{i18n.t(title)}</h2>
            <dl>
              {Object.values(KEYS)
                .filter((entry) => entry.place === place)
                .map(({ does, chords }) => (
                  <div key={does} className="key-line">
                    <dt>{i18n.t(does)}</dt>
                    <dd>
                      {chords.map((chord, index) => (
                        <span key={chord}>
                          {index > 0 && <span className="meta">{i18n.t("or")} </span>}
                          <KeyCaps chord={chord} />
                        </span>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
