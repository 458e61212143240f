/** The compiled schema of profile files, as the text of a module. */
export function profileCheck(): string;
/** Writes it to its place where it is not what the schema says. */
export function generateProfileCheck(): void;
