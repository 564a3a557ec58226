import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";

interface PanelHeaderProps {
  readonly title: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
}

/** What a right panel is called, and the way to be rid of it. */
export function PanelHeader({ title, closeLabel, onClose }: PanelHeaderProps) {
  return (
    <header className="panel-header">
      <h2 className="ellipsis">{title}</h2>
      <Button type="text" icon={<CloseOutlined />} aria-label={closeLabel} onClick={onClose} />
    </header>
  );
}
