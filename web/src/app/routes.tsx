import { Suspense } from "react";
import { BrowserRouter, Navigate, useLocation, useRoutes, type RouteObject } from "react-router";
import { RoomPage } from "../features/rooms/room.page.js";
import type { LoginState } from "../features/session/login-state.js";
import { useSession } from "../features/session/session.context.js";
import { Spoken } from "../words/speech.context.js";
import { ChatProvider } from "./chat.provider.js";
import { CrashBoundary } from "./crash-boundary.js";
import { NewVersion } from "./new-version.js";
import { NotFoundPage } from "./not-found.page.js";
import { Shell } from "./shell.js";
import { WelcomePane } from "./welcome-pane.js";
import { lazyPart } from "../ui/lazy-part.js";

const LoginPage = lazyPart(() => import("../features/session/login.page.js").then((module) => module.LoginPage));

const SearchPage = lazyPart(() => import("../features/search/search.page.js").then((module) => module.SearchPage));

function SearchRoute() {
  return (
    <Suspense fallback={<main className="pane" />}>
      <SearchPage />
    </Suspense>
  );
}

function LoginRoute() {
  return (
    <Suspense>
      <Spoken>
        <LoginPage />
      </Spoken>
    </Suspense>
  );
}

/** What needs a session: without one, to the log-in page, which comes back to the same place. */
function RequireSession() {
  const { token, end } = useSession();
  const { pathname, search, hash } = useLocation();
  if (token)
    return (
      <>
        <Spoken>
          <NewVersion />
        </Spoken>
        <ChatProvider key={token} token={token} />
      </>
    );
  const state: LoginState = { from: end === "loggedOut" ? "/" : `${pathname}${search}${hash}` };
  return <Navigate to="/login" replace state={state} />;
}

const routes: RouteObject[] = [
  { path: "/login", element: <LoginRoute /> },
  {
    element: <RequireSession />,
    children: [
      {
        element: <Shell />,
        children: [
          { index: true, element: <WelcomePane /> },
          { path: "/search", element: <SearchRoute /> },
          { path: "/rooms/:roomId", element: <RoomPage /> },
          { path: "/rooms/:roomId/messages/:messageId", element: <RoomPage /> },
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
];

function Pages() {
  return useRoutes(routes);
}

/** The addresses of the client, and what stands at each. */
export function Router() {
  return (
    <CrashBoundary>
      <BrowserRouter>
        <Pages />
      </BrowserRouter>
    </CrashBoundary>
  );
}
