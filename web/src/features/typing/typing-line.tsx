import { typingWords } from "./typing-words.js";
import { useTypingNames } from "./use-typing-names.js";

/** Says who is typing, under the feed. Its height is reserved, so that nothing moves. */
export function TypingLine({ roomId }: { readonly roomId: string }) {
  const names = useTypingNames(roomId);
  return (
    <div className="typing-line meta" data-testid="typing-line">
      {names.length > 0 && (
        <>
          <span className="typing-dots" aria-hidden>
            <i />
            <i />
            <i />
          </span>
          {typingWords(names)}
        </>
      )}
    </div>
  );
}
