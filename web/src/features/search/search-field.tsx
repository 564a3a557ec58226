import { i18n } from "@lingui/core";
import { FilterOutlined, SearchOutlined } from "@ant-design/icons";
import { Button, Input, Popover, type InputRef } from "antd";
import { useImperativeHandle, useLayoutEffect, useRef, useState, type Ref } from "react";
import { isPlainEnter } from "../../ui/keys.js";
import { FilterHelp } from "./filter-help.js";
import { addFilter, type Filter } from "./filters.js";

/** What others ask of the field. */
export interface SearchFieldHandle {
  readonly focus: () => void;
  readonly insert: (filter: Filter) => void;
}

interface SearchFieldProps {
  readonly ref?: Ref<SearchFieldHandle>;
  readonly label: string;
  readonly text: string;
  readonly autoFocus: boolean;
  readonly onChange: (text: string) => void;
  /** Enter: search now. */
  readonly onCommit: (text: string) => void;
}

/** The server's limit. */
const MAX_CHARACTERS = 200;

/** Where one types what to look for, with the filters at hand. */
export function SearchField({ ref, label, text, autoFocus, onChange, onCommit }: SearchFieldProps) {
  const field = useRef<InputRef>(null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [caret, setCaret] = useState<{ readonly at: number } | null>(null);
  useLayoutEffect(() => {
    if (caret === null) return;
    field.current?.focus();
    field.current?.setSelectionRange(caret.at, caret.at);
  }, [caret]);
  const insert = (filter: Filter): void => {
    const added = addFilter(text, filter);
    setHelpOpen(false);
    onChange(added.text);
    setCaret({ at: added.caret });
  };
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus({ cursor: "all" }), insert }));
  return (
    <div className="search-field" role="search">
      <Input
        ref={field}
        autoFocus={autoFocus}
        allowClear
        enterKeyHint="search"
        autoComplete="off"
        aria-label={label}
        placeholder={label}
        maxLength={MAX_CHARACTERS}
        prefix={<SearchOutlined aria-hidden />}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => isPlainEnter(event) && onCommit(text)}
      />
      <Popover
        open={isHelpOpen}
        onOpenChange={setHelpOpen}
        trigger="click"
        placement="bottomRight"
        title={i18n.t("Narrow it down")}
        content={<FilterHelp onInsert={insert} />}
        destroyOnHidden
      >
        <Button
          icon={<FilterOutlined />}
          aria-label={i18n.t("Filters")}
          title={i18n.t("Filters")}
          aria-expanded={isHelpOpen}
        />
      </Popover>
    </div>
  );
}
