import { i18n } from "@lingui/core";
import { MessageOutlined, PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { Suspense, useState, type ReactNode } from "react";
import { lazyPart } from "../../ui/lazy-part.js";

const NewRoomDialog = lazyPart(() => import("./new-room-dialog.js").then((module) => module.NewRoomDialog));
const NewDirectDialog = lazyPart(() => import("./new-direct-dialog.js").then((module) => module.NewDirectDialog));

interface NewButtonProps {
  readonly projectId?: string | null;
  readonly withLabel?: boolean;
}

interface OpenerProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly withLabel: boolean;
  readonly onOpen: () => void;
}

function Opener({ label, icon, withLabel, onOpen }: OpenerProps) {
  if (withLabel) {
    return (
      <Button icon={icon} onClick={onOpen}>
        {label}
      </Button>
    );
  }
  return <Button type="text" icon={icon} aria-label={label} title={label} onClick={onOpen} />;
}

/** Opens the dialog for a new room. */
export function NewRoomButton({ projectId = null, withLabel = false }: NewButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Opener label={i18n.t("New room")} icon={<PlusOutlined />} withLabel={withLabel} onOpen={() => setOpen(true)} />
      <Suspense>{isOpen && <NewRoomDialog projectId={projectId} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}

/** Opens the dialog for a direct message. */
export function NewDirectButton({ projectId = null, withLabel = false }: NewButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Opener
        label={i18n.t("New direct message")}
        icon={<MessageOutlined />}
        withLabel={withLabel}
        onOpen={() => setOpen(true)}
      />
      <Suspense>{isOpen && <NewDirectDialog projectId={projectId} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
