import { i18n } from "@lingui/core";
import { Select, type SelectProps } from "antd";
import { useState } from "react";
import { describeError } from "../../lib/errors.js";
import { UserAvatar } from "./user-avatar.js";
import { useProjectMembers, type MemberOption } from "./use-project-members.js";

function MemberOptionRow({ option }: { readonly option: MemberOption }) {
  return (
    <span className="member-option">
      <UserAvatar id={option.value} name={option.label} size={24} />
      <span className="ellipsis">{option.label}</span>
      <span className="meta">@{option.handle}</span>
    </span>
  );
}

interface SharedProps {
  readonly projectId: string | null;
  readonly excludedIds: readonly string[];
  readonly placeholder: string;
  readonly label: string;
  readonly loading?: boolean;
}

function useSelectProps(props: SharedProps): SelectProps<string, MemberOption> & { readonly options: MemberOption[] } {
  const [search, setSearch] = useState("");
  const { options, isLoading, error } = useProjectMembers(props.projectId, search, props.excludedIds);
  const nobody = error ? describeError(error) : isLoading ? i18n.t("Searching …") : i18n.t("Nobody to choose.");
  return {
    options,
    className: "member-select",
    // Upwards, where no button is.
    placement: "topLeft",
    listHeight: 180,
    placeholder: props.placeholder,
    "aria-label": props.label,
    loading: props.loading ?? isLoading,
    // The server matches, so that a project may be larger than the list.
    showSearch: { filterOption: false, onSearch: setSearch },
    notFoundContent: nobody,
    optionRender: ({ data }) => <MemberOptionRow option={data} />,
  };
}

/** Chooses one member of a project. */
export function MemberSelect({
  onChange,
  ...props
}: SharedProps & { readonly onChange: (userId: string | undefined) => void }) {
  return <Select<string, MemberOption> {...useSelectProps(props)} onChange={(value) => onChange(value)} />;
}

interface MembersSelectProps extends SharedProps {
  readonly value?: string[];
  readonly onChange?: (userIds: string[]) => void;
}

/** Chooses several members of a project; usable as a form's field. */
export function MembersSelect({ value = [], onChange, ...props }: MembersSelectProps) {
  const { options, ...selectProps } = useSelectProps(props);
  return (
    <Select<string[], MemberOption>
      {...multiple(selectProps)}
      mode="multiple"
      options={options}
      value={value}
      onChange={(userIds) => onChange?.(userIds)}
    />
  );
}

/** What one and several have in common, without the parts that are typed by the value. */
function multiple(props: Omit<SelectProps<string, MemberOption>, "options">): SelectProps<string[], MemberOption> {
  const { className, placeholder, placement, listHeight, loading, showSearch, notFoundContent, optionRender } = props;
  return {
    className: className ?? "",
    placement: placement ?? "topLeft",
    listHeight: listHeight ?? 180,
    placeholder,
    loading: loading ?? false,
    showSearch: showSearch ?? true,
    notFoundContent,
    optionRender: optionRender ?? (({ label }) => label),
    "aria-label": props["aria-label"],
  };
}
