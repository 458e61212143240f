// De-identifies by dcmjs' own cleanTags: read, clean, write. `clean-tags.cjs DCMJS SOURCE TARGET`
const { mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const [, , dcmjsPath, source, target] = process.argv;
const dcmjs = require(dcmjsPath);
dcmjs.log.setLevel('silent');
for (const name of readdirSync(source, { recursive: true, withFileTypes: true })) {
  if (!name.isFile()) continue;
  const path = join(name.parentPath, name.name);
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  const file = dcmjs.data.DicomMessage.readFile(buffer.slice(byteOffset, byteOffset + byteLength), { ignoreErrors: true });
  dcmjs.anonymizer.cleanTags(file.dict);
  const output = join(target, path.slice(source.length));
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, Buffer.from(file.write()));
}
