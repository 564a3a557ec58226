import { i18n } from "@lingui/core";
import { InboxOutlined } from "@ant-design/icons";

/** Lies over a room while files are held over it. */
export function DropOverlay() {
  return (
    <div className="drop-overlay">
      <InboxOutlined className="drop-icon" />
      <span>{i18n.t("Drop files here")}</span>
    </div>
  );
}
