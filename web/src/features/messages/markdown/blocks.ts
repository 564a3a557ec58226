/** What a piece of running text can be. */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "strong" | "em" | "del"; readonly children: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly hint: string; readonly children: readonly Inline[] };

export interface ListItem {
  /** The number that was typed; null in a list without numbers. */
  readonly number: number | null;
  readonly blocks: readonly Block[];
}

/** What a message is made of. Line breaks between blocks are in the flow's text, as they were typed. */
export type Block =
  | { readonly kind: "flow"; readonly children: readonly Inline[] }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | { readonly kind: "list"; readonly isOrdered: boolean; readonly items: readonly ListItem[] }
  | { readonly kind: "code"; readonly language: string; readonly text: string };
