import { RowsSkeleton } from "../ui/pane-states.js";

/** The shell's shape while the rooms are on their way. */
export function ShellSkeleton() {
  return (
    <div className="shell">
      <div className="sidebar">
        <RowsSkeleton rows={6} lines={1} />
      </div>
      <div className="pane narrow-hidden" />
    </div>
  );
}
