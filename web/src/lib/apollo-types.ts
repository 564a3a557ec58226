import type { GraphQLCodegenDataMasking } from "@apollo/client/masking";

declare module "@apollo/client" {
  // Teaches Apollo's hooks that the generated types are masked already.
  export interface TypeOverrides extends GraphQLCodegenDataMasking.TypeOverrides {}
}
