import type { ComponentProps } from "react";

interface GrowingTextAreaProps extends ComponentProps<"textarea"> {
  readonly value: string;
}

/** A text area as high as its text. A copy of the text beside it holds the height, so that nothing has to be measured. */
export function GrowingTextArea(props: GrowingTextAreaProps) {
  return (
    // The copy needs something in its last line, else that has no height.
    <div className="growing" data-text={`${props.value} `}>
      <textarea rows={1} dir="auto" {...props} />
    </div>
  );
}
