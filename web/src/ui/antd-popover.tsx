import { Popover, type PopoverProps } from "antd";

/** Ant Design's popover, in a file that can be loaded by itself. */
export function AntdPopover(props: PopoverProps) {
  return <Popover {...props} />;
}
