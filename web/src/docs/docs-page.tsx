import { useEffect, useRef, useState } from "react";
import createSwaggerUI, { type SwaggerUI } from "swagger-ui-dist/swagger-ui-es-bundle.js";
import { DemoBar } from "../features/session/demo-bar.js";

/** The REST API's document, shown and to be tried; in demo mode with a way to a token. */
export function DocsPage() {
  const container = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<SwaggerUI | null>(null);
  useEffect(() => {
    if (container.current === null) return;
    const ui = createSwaggerUI({
      domNode: container.current,
      url: "/openapi.json",
      deepLinking: true,
      validatorUrl: null,
      onComplete: () => setShown(ui),
    });
  }, []);
  return (
    <div className="docs-page">
      {shown && <DemoBar onToken={(token) => shown.preauthorizeApiKey("bearerAuth", token)} />}
      <div ref={container} />
    </div>
  );
}
