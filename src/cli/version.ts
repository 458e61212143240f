declare const VERSION: string | undefined;

/** Of package.json, put in by the build; a run from the sources has none. */
export const version = typeof VERSION === 'string' ? VERSION : '0.0.0';
