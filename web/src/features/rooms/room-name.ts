import { i18n } from "@lingui/core";

/** The server's limit, in code points. */
export const ROOM_NAME_MAX = 255;

/** The rules for a room's name, as a form's field takes them. */
export function roomNameRules() {
  return [
    { required: true, whitespace: true, message: i18n.t("Give the room a name.") },
    {
      validator: (_rule: unknown, value: string | undefined): Promise<void> =>
        [...(value ?? "").trim()].length > ROOM_NAME_MAX
          ? Promise.reject(new Error(i18n.t("A name has at most {max, number} characters.", { max: ROOM_NAME_MAX })))
          : Promise.resolve(),
    },
  ];
}
