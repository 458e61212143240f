declare module 'dicom-character-set' {
  /** Throws for an unknown set, and for bytes that are not of it. */
  export function convertBytes(specificCharacterSet: string, bytes: Uint8Array, options: { vr: string }): string;
}
