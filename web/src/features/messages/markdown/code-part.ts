/** A piece of code: as it is, or with what it is in its language. */
export type CodePart = string | { readonly className: string; readonly parts: readonly CodePart[] };
