declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  /** What of Swagger UI the page uses: https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/ */
  export interface SwaggerUIOptions {
    readonly domNode: HTMLElement;
    readonly url: string;
    readonly deepLinking: boolean;
    /** Where to have the document judged; null: nowhere. */
    readonly validatorUrl: null;
    readonly supportedSubmitMethods?: readonly string[];
    readonly onComplete: () => void;
  }
  export interface SwaggerUI {
    /** Logs in to a security scheme. */
    preauthorizeApiKey(scheme: string, token: string): void;
  }
  export default function createSwaggerUI(options: SwaggerUIOptions): SwaggerUI;
}
