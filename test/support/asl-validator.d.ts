declare module 'asl-validator' {
  /** Checks a definition in Amazon States Language by its schema, its paths and its transitions. */
  const validate: (definition: object) => { readonly isValid: boolean; readonly errors: readonly object[] };
  export default validate;
}
