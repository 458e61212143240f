import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Delivery } from '../../src/batch/delivery.ts';
import { removeTemporaries, temporaryOwner, temporaryPath } from '../../src/batch/output-folder.ts';
import { temporaryFolder } from './run-fixture.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function refuseWith(code: string) {
  return () => {
    throw Object.assign(new Error('refused'), { code });
  };
}

/** A delivery into a new folder, with the name that its result is to have. */
function deliveryIn({ link, mayReplace = false }: { link?: () => void; mayReplace?: boolean } = {}) {
  const folder = temporaryFolder();
  const path = join(folder, 'series/result.dcm');
  const delivery = new Delivery(join(folder, 'temporary'), { traced: true, ...(link === undefined ? {} : { link }) });
  delivery.begin(dirname(path), basename(path), mayReplace);
  return { folder, path, delivery };
}

describe.each([
  ['', undefined],
  [', without hard links,', refuseWith('EPERM')],
  [', between file systems,', refuseWith('EXDEV')],
])('delivery%s', (_, link) => {
  const choices = link === undefined ? {} : { link };

  it('puts the whole result under its name and leaves no other', () => {
    const { folder, path, delivery } = deliveryIn(choices);
    delivery.deliverPieces((write) => [bytes('one '), bytes('two')].forEach(write));
    expect(readFileSync(path, 'utf8')).toBe('one two');
    expect(delivery.size).toBe(7);
    expect(readdirSync(folder)).toEqual(['series']);
    delivery.begin(dirname(path), `${basename(path)}-2`, false);
    delivery.deliver(bytes('again'));
    expect(readFileSync(`${path}-2`, 'utf8')).toBe('again');
    expect(readdirSync(folder)).toEqual(['series']);
  });

  it('never replaces a file that came while the result was written', () => {
    const { folder, path, delivery } = deliveryIn(choices);
    const deliver = () => delivery.deliverPieces((write) => {
      write(bytes('result'));
      writeFileSync(path, "another's");
    });
    expect(deliver).toThrow('the output file exists already');
    expect(readFileSync(path, 'utf8')).toBe("another's");
    expect(readdirSync(folder)).toEqual(['series']);
  });

  it('replaces an earlier result where that was asked for', () => {
    const { path, delivery } = deliveryIn({ ...choices, mayReplace: true });
    mkdirSync(join(path, '..'));
    writeFileSync(path, 'half of a res');
    delivery.deliver(bytes('result'));
    expect(readFileSync(path, 'utf8')).toBe('result');
  });

  it('leaves nothing behind where writing fails', () => {
    const { folder, path, delivery } = deliveryIn(choices);
    expect(() => delivery.deliverPieces((write) => {
      write(bytes('half'));
      throw new Error('the disk is full');
    })).toThrow('the disk is full');
    expect(readdirSync(folder)).toEqual(['series']);
    expect(existsSync(path)).toBe(false);
  });

  it('leaves no empty file where its temporary one is gone', () => {
    const { folder, path, delivery } = deliveryIn(choices);
    expect(() => delivery.deliverPieces((write) => {
      write(bytes('result'));
      renameSync(join(folder, 'temporary'), join(folder, 'moved'));
    })).toThrow();
    expect(existsSync(path)).toBe(false);
  });
});

describe('temporary names', () => {
  it('are nobody else’s, whatever process or machine writes into the folder', () => {
    const [one, other] = [temporaryOwner(''), temporaryOwner('')];
    expect(one).toContain(String(process.pid));
    expect(temporaryPath('/out', one, 1)).not.toBe(temporaryPath('/out', other, 1));
    expect(temporaryPath('/out', one, 1)).not.toBe(temporaryPath('/out', one, 2));
  });

  it('are removed by the next run of the same shard, and by no other', () => {
    const folder = temporaryFolder();
    const own = temporaryPath(folder, temporaryOwner('shard-1-of-4-'), 3);
    const kept = [temporaryPath(folder, temporaryOwner('shard-2-of-4-'), 3), temporaryPath(folder, temporaryOwner(''), 3), join(folder, 'a.partial')];
    for (const path of [own, ...kept]) writeFileSync(path, 'half');
    removeTemporaries(folder, 'shard-1-of-4-');
    expect(existsSync(own)).toBe(false);
    expect(kept.every((path) => existsSync(path))).toBe(true);
    removeTemporaries(folder, '');
    expect(kept.map((path) => existsSync(path))).toEqual([true, false, true]);
  });
});
