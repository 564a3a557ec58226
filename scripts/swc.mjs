/**
 * How TypeScript becomes JavaScript where no build has run: in Jest (jest.config.mjs) and in its global setup. The same
 * decisions as in tsconfig.json: decorators as TypeScript has them, no emitted metadata, fields by assignment.
 */
export function swcOptions({ jsx = false } = {}) {
  return {
    swcrc: false,
    sourceMaps: "inline",
    module: { type: "es6" },
    jsc: {
      target: "es2024",
      // `with { type: "json" }` is what Node and Jest want to see.
      experimental: { keepImportAttributes: true },
      // `.ts` is parsed without JSX, so that `<T>(x: T) => x` stays a generic function.
      parser: { syntax: "typescript", tsx: jsx, decorators: true },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: false,
        useDefineForClassFields: false,
        react: { runtime: "automatic" },
      },
    },
  };
}
