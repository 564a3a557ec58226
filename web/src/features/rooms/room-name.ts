/** The server's limit, in code points. */
export const ROOM_NAME_MAX = 255;

/** The rules for a room's name, as a form's field takes them. */
export const ROOM_NAME_RULES = [
  { required: true, whitespace: true, message: "Give the room a name." },
  {
    validator: (_rule: unknown, value: string | undefined): Promise<void> =>
      [...(value ?? "").trim()].length > ROOM_NAME_MAX
        ? Promise.reject(new Error(`A name has at most ${ROOM_NAME_MAX} characters.`))
        : Promise.resolve(),
  },
];
