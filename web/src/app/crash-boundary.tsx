import { Component, type ReactNode } from "react";
import { CrashPage } from "./crash.page.js";

interface CrashBoundaryProps {
  readonly children: ReactNode;
}

/** Shows the last resort in the place of what can't be shown. React reports the fault on the console by itself. */
export class CrashBoundary extends Component<CrashBoundaryProps, { readonly isCrashed: boolean }> {
  override state = { isCrashed: false };

  static getDerivedStateFromError() {
    return { isCrashed: true };
  }

  override render(): ReactNode {
    return this.state.isCrashed ? <CrashPage /> : this.props.children;
  }
}
