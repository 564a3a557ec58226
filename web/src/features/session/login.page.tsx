import { i18n } from "@lingui/core";
import { Alert, Button, Skeleton } from "antd";
import { useEffect, useState } from "react";
import { Navigate, useLocation } from "react-router";
import { Logo } from "../../ui/logo.js";
import { usePageTitle } from "../../ui/use-page-title.js";
import { LanguageSelect } from "../../words/language-select.js";
import { DemoUserList } from "./demo-user-list.js";
import { fetchDemoUsers, type DemoUser } from "./demo.js";
import { parseLoginState } from "./login-state.js";
import { useSession } from "./session.context.js";
import { TokenForm } from "./token-form.js";

type Offer =
  | { readonly kind: "loading" }
  | { readonly kind: "users"; readonly users: readonly DemoUser[] }
  | { readonly kind: "token" }
  | { readonly kind: "unreachable" };

function useOffer(): { readonly offer: Offer; readonly reload: () => void } {
  const [offer, setOffer] = useState<Offer>({ kind: "loading" });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    fetchDemoUsers(controller.signal).then(
      (users) => setOffer(users ? { kind: "users", users } : { kind: "token" }),
      () => controller.signal.aborted || setOffer({ kind: "unreachable" }),
    );
    return () => controller.abort();
  }, [round]);
  const reload = (): void => {
    setOffer({ kind: "loading" });
    setRound(round + 1);
  };
  return { offer, reload };
}

function OfferView({ offer, reload }: { readonly offer: Offer; readonly reload: () => void }) {
  switch (offer.kind) {
    case "loading":
      return <Skeleton active title={false} paragraph={{ rows: 4 }} />;
    case "users":
      return <DemoUserList users={offer.users} />;
    case "token":
      return <TokenForm />;
    case "unreachable":
      return (
        <Alert
          type="error"
          showIcon
          title={i18n.t("The server can’t be reached.")}
          action={<Button onClick={reload}>{i18n.t("Try again")}</Button>}
        />
      );
  }
}

/** Log-in: the demo users, or a field for a token when the server is not in demo mode. */
export function LoginPage() {
  usePageTitle(i18n.t("Log in"));
  const { token, end } = useSession();
  const { state } = useLocation();
  const { offer, reload } = useOffer();
  if (token) return <Navigate to={parseLoginState(state)} replace />;
  return (
    <main className="login">
      <div className="login-card">
        <Logo />
        <h1>{i18n.t("Log in to Parley")}</h1>
        {end === "expired" && (
          <Alert type="info" showIcon title={i18n.t("Your session has ended. Log in to go on where you were.")} />
        )}
        {end === "unusable" && (
          <Alert
            type="error"
            showIcon
            title={i18n.t(
              "This token can’t be used: it has spaces or characters in it that no token has. Copy it again, whole.",
            )}
          />
        )}
        <OfferView offer={offer} reload={reload} />
        <div className="login-language" data-language-home>
          <LanguageSelect />
        </div>
      </div>
    </main>
  );
}
