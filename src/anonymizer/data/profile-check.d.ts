/** An error of the compiled schema, in the form of ajv. */
export interface SchemaError {
  /** JSON Pointer to the value. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Whether a value has the form of schemas/dicom-profile.schema.json; where not, `errors` says why until the next call. */
export const checkProfile: ((value: unknown) => boolean) & { readonly errors?: readonly SchemaError[] | null };
