import { formatFull, formatTime } from "../../ui/dates.js";
import { UserAvatar } from "../directory/user-avatar.js";

interface AuthorProps {
  readonly id: string;
  readonly name: string;
}

function RowTime({ at, className }: { readonly at: string; readonly className: string }) {
  return (
    <time className={className} dateTime={at} title={formatFull(at)}>
      {formatTime(at)}
    </time>
  );
}

/** Beside a row: its author's picture where a group of rows starts, else its time, for who points at the row. */
export function RowGutter({ author, at }: { readonly author: AuthorProps | null; readonly at: string }) {
  return (
    <div className="row-gutter">
      {author ? <UserAvatar {...author} size={36} /> : <RowTime at={at} className="row-time meta" />}
    </div>
  );
}

/** Above the first row of a group: who and when. */
export function RowHead({ name, at }: { readonly name: string; readonly at: string }) {
  return (
    <div className="row-head">
      <span className="row-author">{name}</span>
      <RowTime at={at} className="meta" />
    </div>
  );
}
