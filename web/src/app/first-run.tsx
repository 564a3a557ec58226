import { i18n } from "@lingui/core";
import { Button } from "antd";
import type { ReactNode } from "react";
import { NewDirectButton, NewRoomButton } from "../features/rooms/new-buttons.js";
import { useShell } from "./shell.context.js";

interface StepProps {
  readonly title: string;
  readonly words: string;
  readonly children: ReactNode;
}

function Step({ title, words, children }: StepProps) {
  return (
    <li className="first-step">
      <div className="first-step-text">
        <h3>{title}</h3>
        <p className="meta">{words}</p>
      </div>
      {children}
    </li>
  );
}

/** Nothing has been said yet: three things to do. Who is in no project can only wait to be let in. */
export function FirstRun({ hasProject }: { readonly hasProject: boolean }) {
  const { open } = useShell();
  if (!hasProject) {
    return (
      <section className="first-run" aria-label={i18n.t("Welcome")}>
        <h2>{i18n.t("Welcome to Parley")}</h2>
        <p>{i18n.t("You are in no project yet. As soon as someone adds you to one, its people and rooms are here.")}</p>
      </section>
    );
  }
  return (
    <section className="first-run" aria-label={i18n.t("Welcome")}>
      <h2>{i18n.t("Welcome to Parley")}</h2>
      <p>{i18n.t("There are three good ways to begin.")}</p>
      <ol>
        <Step title={i18n.t("Make a room")} words={i18n.t("For a topic or a team. You choose who is in it.")}>
          <NewRoomButton withLabel />
        </Step>
        <Step
          title={i18n.t("Write to somebody")}
          words={i18n.t("A conversation of two, with anyone in your projects.")}
        >
          <NewDirectButton withLabel />
        </Step>
        <Step
          title={i18n.t("Look around")}
          words={i18n.t("Everything can be done with the keyboard. Theme and density are beside your name.")}
        >
          <Button onClick={() => open("keys")}>{i18n.t("See the keys")}</Button>
        </Step>
      </ol>
    </section>
  );
}
