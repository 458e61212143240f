import { encodeText } from './dicom/encode.ts';
import { areSame } from './same-bytes.ts';

/** A page that says that there was one. Offsets of the cross-reference table are counted when it is made. */
function pdf(): string {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 100] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    '<< /Length 41 >>\nstream\nBT /F1 14 Tf 20 45 Td (ANONYMIZED) Tj ET \nendstream',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  return `${text}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
}

const CDA = `<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/><id nullFlavor="MSK"/><code nullFlavor="MSK"/><title>ANONYMIZED</title><effectiveTime nullFlavor="MSK"/><confidentialityCode nullFlavor="MSK"/></ClinicalDocument>
`;

const OBJ = 'o ANONYMIZED\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n';
const MTL = 'newmtl ANONYMIZED\nKd 1 1 1\n';

/** Binary STL: 80 bytes of header, the number of triangles, and one triangle. */
function stl(): Uint8Array {
  const bytes = new Uint8Array(84 + 50);
  bytes.set(encodeText('ANONYMIZED', 'LO'));
  const view = new DataView(bytes.buffer);
  view.setUint32(80, 1, true);
  const triangle = [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0];
  triangle.forEach((value, i) => view.setFloat32(84 + 4 * i, value, true));
  return bytes;
}

/** A document of the given MIME type that opens and says nothing (PS3.3 C.24.2; action D on (0042,0011)). */
export function dummyDocument(mimeType: string): Uint8Array {
  const text = (value: string) => encodeText(value, 'UT');
  switch (mimeType.toLowerCase()) {
    case 'application/pdf': return text(pdf());
    case 'text/xml': case 'application/xml': return text(CDA);
    case 'model/stl': case 'application/sla': return stl();
    case 'model/obj': return text(OBJ);
    case 'model/mtl': return text(MTL);
    default: return new Uint8Array(2);
  }
}

/** One of each kind of document. */
const MIME_TYPES = ['application/pdf', 'text/xml', 'model/stl', 'model/obj', 'model/mtl'];

/** Whether a document is one of these: the MIME type that it was made for may be damaged, and gone from the result. */
export function isDummyDocument(bytes: Uint8Array): boolean {
  return MIME_TYPES.map(dummyDocument).some((dummy) => areSame(dummy, bytes));
}
