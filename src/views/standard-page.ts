const ROOT = 'https://dicom.nema.org/medical/dicom/current/output/chtml/';

/** The page of the standard that a rule rests on; the table of attributes where its sentence names no section. */
export function standardPage(words: string): string {
  const section = /\bE\.\d+(\.\d+)*\b/.exec(words.replace(/(Table|Tabella) E\.\S+/g, ''))?.[0];
  if (section !== undefined) return `${ROOT}part15/sect_${section}.html`;
  if (words.includes('PS3.10')) return `${ROOT}part10/sect_7.html`;
  if (words.includes('PS3.5')) return `${ROOT}part05/chapter_7.html`;
  return `${ROOT}part15/chapter_E.html#table_E.1-1`;
}
