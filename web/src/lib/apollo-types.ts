import type { GraphQLCodegenDataMasking } from "@apollo/client/masking";
import type { Upload } from "./upload-link.js";

declare module "@apollo/client" {
  // Teaches Apollo's hooks that the generated types are masked already.
  export interface TypeOverrides extends GraphQLCodegenDataMasking.TypeOverrides {}

  export interface DefaultContext {
    /** The file that an operation carries. */
    upload?: Upload | undefined;
  }
}
